return Streaming.Video.DecodeLoop.Run();
