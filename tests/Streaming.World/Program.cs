using System.CommandLine;
using Streaming.World;
using Streaming.World.Notes;

var seed = new Option<ulong>("--seed") { Description = "Where the films come from; the same seed gives the same films.", DefaultValueFactory = _ => 1 };
var output = new Option<FileInfo>("--out") { Description = "The folder to write to; with --notes the file.", Required = true };
var films = new Option<int>("--films") { Description = "How many films.", DefaultValueFactory = _ => 10 };
var split = new Option<Split>("--split") { Description = "Which backgrounds and phrasings: train, validation or test.", DefaultValueFactory = _ => Split.Test };
var seconds = new Option<double?>("--seconds") { Description = "Length of every film in seconds; 4 to 16 by default." };
var training = new Option<bool>("--training") { Description = "Write one shard of arrays for training instead of film files." };
var notes = new Option<int?>("--notes") { Description = "Write that many questions about notes of perception, with their notes, as JSON lines instead of films." };

var world = new RootCommand("Renders short films with exact ground truth and questions about them.") { seed, output, films, split, seconds, training, notes };
world.SetAction(arguments =>
{
    string folder = arguments.GetRequiredValue(output).FullName;
    ulong first = arguments.GetValue(seed);
    if (arguments.GetValue(notes) is { } most)
    {
        var (scenes, questions) = NoteExaminer.Write(folder, first, arguments.GetValue(split), most, NoteExaminer.MostOfAScene);
        Console.WriteLine($"{questions} questions about {scenes} scenes of notes");
        return;
    }
    Directory.CreateDirectory(folder);
    if (arguments.GetValue(training))
    {
        TrainingShard.Write(folder, first, arguments.GetValue(split), arguments.GetValue(films));
        return;
    }
    Parallel.For(0, arguments.GetValue(films), i => FilmFile.Write(
        Director.Direct(first * 1_000_000 + (ulong)i, arguments.GetValue(split), arguments.GetValue(seconds)),
        Path.Combine(folder, $"film_{i:0000}.mp4")));
});
return world.Parse(args).Invoke();
