using Streaming.Video;
using Streaming.Video.DecodeChild;

return args is ["confined", var film, var other, var port, var parent] ? Confined.Run(film, other, int.Parse(port), int.Parse(parent)) : DecodeLoop.Run();
