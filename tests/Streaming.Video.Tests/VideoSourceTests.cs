namespace Streaming.Video.Tests;

public sealed class VideoSourceTests
{
    [Theory]
    [InlineData("-rf.mp4")]
    [InlineData("a b:c.mkv")]
    [InlineData("C:film.mp4")]
    public void VideoSource_text_without_a_scheme_is_a_file(string text)
    {
        var source = Assert.IsType<FileSource>(VideoSource.Parse(text, out var failure));

        Assert.Null(failure);
        Assert.False(source.IsLive);
        Assert.Equal(Path.GetFullPath(text), source.Path);
    }

    [Theory]
    [InlineData("rtsp://127.0.0.1/cam")]
    [InlineData("RTSP://host:554/a?b=c")]
    public void VideoSource_rtsp_address_is_a_camera(string text) =>
        Assert.True(Assert.IsType<CameraSource>(VideoSource.Parse(text, out _)).IsLive);

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("http://host/film.mp4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("concat://a")]
    [InlineData("rtsp://")]
    [InlineData("rtsp://host/a b")]
    [InlineData("rtsp://host/a\r\nTEARDOWN x")]
    public void VideoSource_anything_else_is_refused_in_words(string text)
    {
        Assert.Null(VideoSource.Parse(text, out var failure));
        Assert.NotNull(failure);
    }

    [Theory]
    [InlineData("rtsp://host/cam", RtspTransport.Tcp)]
    [InlineData("rtsp://host/cam?udp", RtspTransport.Udp)]
    [InlineData("rtsp://host/cam?channel=1", RtspTransport.Tcp)]
    public void CameraSource_address_may_ask_for_datagrams(string url, RtspTransport expected) =>
        Assert.Equal(expected, ((CameraSource)VideoSource.Parse(url, out _)!).Transport);

    [Theory]
    [InlineData("rtsp://user:secret@host/cam", "rtsp://host/cam")]
    [InlineData("rtsp://user:se@cret@host:554/cam", "rtsp://host:554/cam")]
    [InlineData("rtsp://host/cam@2", "rtsp://host/cam@2")]
    [InlineData("rtsp://host/user=admin&password=secret&channel=1", "rtsp://host/user=***&password=***&channel=1")]
    [InlineData("rtsp://host/cam?token=secret#x", "rtsp://host/cam?token=***#x")]
    public void CameraSource_shown_to_people_hides_its_secrets(string url, string shown)
    {
        var source = new CameraSource(url);

        Assert.Equal(shown, source.Name);
        Assert.Equal(shown, $"{source}");
    }
}
