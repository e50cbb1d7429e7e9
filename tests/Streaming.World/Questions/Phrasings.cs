namespace Streaming.World.Questions;

/// <summary>
/// The ways in which each form of question is put. Of each list the last two are kept for the test split and the two before
/// them for validation, so that no split's wording is seen in another; their words all occur in training, their wording does not.
/// </summary>
public static class Phrasings
{
    private const int HeldOutPerSplit = 2;

    public static string Pick(string form, Split split, Dice dice, params (string Slot, string Word)[] fillings)
    {
        string text = dice.Pick(Of(form, split));
        foreach ((string slot, string word) in fillings)
            text = text.Replace("{" + slot + "}", word, StringComparison.Ordinal);
        return text;
    }

    public static IReadOnlyList<string> Of(string form, Split split)
    {
        string[] all = Forms[form];
        int training = all.Length - 2 * HeldOutPerSplit;
        return split switch
        {
            Split.Train => all[..training],
            Split.Validation => all[training..(training + HeldOutPerSplit)],
            _ => all[(training + HeldOutPerSplit)..],
        };
    }

    public static IEnumerable<string> AllForms => Forms.Keys;

    private static readonly Dictionary<string, string[]> Forms = new()
    {
        ["colour"] = ["What colour is the {shape}?", "Which colour does the {shape} have?", "Tell me the colour of the {shape}.", "What is the colour of the {shape} now?",
            "The {shape}: what colour is it?", "Say which colour the {shape} is.", "Which colour is the {shape}?", "Tell me what colour the {shape} has.", "What colour does the {shape} have?", "Say what the colour of the {shape} is."],
        ["colour.past"] = ["What colour was the {shape}?", "Which colour did the {shape} have?", "Tell me the colour of the {shape} that was there.", "What was the colour of the {shape}?",
            "The {shape} that left: what colour was it?", "Say which colour the {shape} was.", "Which colour was the {shape}?", "Tell me which colour the {shape} was.", "What colour did the {shape} have?", "Say what the colour of the {shape} was."],
        ["shape"] = ["What shape is the {colour} thing?", "Which shape does the {colour} thing have?", "Tell me the shape of the {colour} thing.", "What is the shape of the {colour} thing now?",
            "The {colour} thing: what shape is it?", "Say which shape the {colour} thing is.", "Which shape is the {colour} thing?", "Tell me what shape the {colour} thing has.", "What shape does the {colour} thing have?", "Say what the shape of the {colour} thing is."],
        ["size"] = ["Is the {thing} big or small?", "What size is the {thing}?", "Tell me the size of the {thing}.", "Which size does the {thing} have, big or small?",
            "The {thing}: big or small?", "How big is the {thing}?", "What is the size of the {thing}?", "Is the {thing} small or big?", "Say which size the {thing} is.", "Which size is the {thing}?"],
        ["exists"] = ["Is there a {thing} now?", "Can you see a {thing} now?", "Is a {thing} in the picture now?", "Do you see a {thing} at the end?",
            "At the end, is a {thing} there?", "Is there now a {thing} in the picture?", "Is a {thing} there now?", "Can you see a {thing} at the end?", "Do you see a {thing} now?", "Now, is there a {thing} in the picture?"],
        ["existed"] = ["Has there been a {thing}?", "Was there a {thing} at any time?", "Did you see a {thing} at any time?", "Was a {thing} ever there?",
            "Has a {thing} ever been in the picture?", "Did a {thing} ever come into the picture or stand in it?", "Was there ever a {thing}?", "Has a {thing} been there at any time?", "Did you ever see a {thing}?", "Was a {thing} in the picture at any time?"],
        ["count"] = ["How many things are there now?", "How many things can you see now?", "Count the things in the picture now.", "What is the number of things at the end?",
            "How many things are in the picture at the end?", "Now, how many things are there?", "How many things do you see now?", "Count the things at the end.", "Tell me the number of things now.", "At the end, how many things are there?"],
        ["count.some"] = ["How many {plural} are there now?", "How many {plural} can you see now?", "Count the {plural} in the picture now.", "What is the number of {plural} at the end?",
            "How many {plural} are in the picture at the end?", "Now, how many {plural} are there?", "How many {plural} do you see now?", "Count the {plural} at the end.", "Tell me the number of {plural} now.", "At the end, how many {plural} are there?"],
        ["count.all"] = ["How many things were there in all?", "How many things have you seen so far?", "Count all the things that were there.", "What is the number of things seen so far?",
            "In all, how many things have been there?", "How many things came or were there in all?", "How many things have been there so far?", "Count all the things you have seen.", "Tell me the number of things in all.", "How many things were there so far?"],
        ["count.all.some"] = ["How many {plural} were there in all?", "How many {plural} have you seen so far?", "Count all the {plural} that were there.", "What is the number of {plural} seen so far?",
            "In all, how many {plural} have been there?", "How many {plural} came or were there in all?", "How many {plural} have been there so far?", "Count all the {plural} you have seen.", "Tell me the number of {plural} in all.", "How many {plural} were there so far?"],
        ["direction"] = ["Which way does the {thing} move?", "Where is the {thing} going?", "In which direction does the {thing} move now?", "Which way is the {thing} going?",
            "Tell me which way the {thing} moves.", "What is the direction of the {thing}?", "Which way is the {thing} moving?", "Tell me the direction of the {thing}.", "In which direction is the {thing} going?", "Where is the {thing} moving now?"],
        ["direction.past"] = ["Which way did the {thing} move?", "Where did the {thing} go?", "In which direction did the {thing} move?", "Which way did the {thing} go when it moved?",
            "Tell me which way the {thing} moved.", "What was the direction of the {thing}?", "Which way has the {thing} moved?", "Tell me the direction of the {thing} when it moved.", "In which direction did the {thing} go?", "Where did the {thing} move?"],
        ["place"] = ["Where is the {thing}?", "In which part of the picture is the {thing}?", "Tell me the place of the {thing}.", "Where in the picture is the {thing} now?",
            "What is the place of the {thing}?", "Where do you see the {thing}?", "Where is the {thing} now?", "Tell me where the {thing} is.", "In which place is the {thing} now?", "Where in the picture do you see the {thing}?"],
        ["relation.x"] = ["Is the {a} to the left or to the right of the {b}?", "On which side of the {b} is the {a}, left or right?", "Seen from the {b}, is the {a} left or right?", "Is the {a} left or right of the {b}?",
            "The {a}: is it left or right of the {b}?", "Tell me if the {a} is left or right of the {b}.", "On which side of the {b} do you see the {a}, left or right?", "The {a}: is it to the left or to the right of the {b}?", "Is the {a} on the left or on the right of the {b}?", "Tell me on which side of the {b} the {a} is, left or right."],
        ["relation.y"] = ["Is the {a} above or below the {b}?", "Which is it: the {a} above or below the {b}?", "Seen from the {b}, is the {a} above or below?", "Is the {a} now above or below the {b}?",
            "The {a}: is it above or below the {b}?", "Tell me if the {a} is above or below the {b}.", "Do you see the {a} above or below the {b}?", "The {a}: above or below the {b}?", "Tell me which it is, the {a} above or below the {b}.", "Where is the {a}, above or below the {b}?"],
        ["order"] = ["Which came in first, the {a} or the {b}?", "Which of the two came first, the {a} or the {b}?", "The {a} or the {b}: which came in first?", "Did the {a} or the {b} come in first?",
            "Tell me which came first, the {a} or the {b}.", "Of the {a} and the {b}, which was there first?", "Which was there first, the {a} or the {b}?", "Tell me which of the two came in first, the {a} or the {b}.", "Which of the {a} and the {b} came first?", "Did the {a} come in first or the {b}?"],
        ["first"] = ["Which thing came in first?", "What came in first?", "Tell me what came in first.", "Which was the first thing that came in?",
            "Of the things that came in, which was first?", "What was the first thing to come in?", "Which thing was the first to come in?", "Tell me which thing came in first.", "What thing came in first?", "Which was the first to come in?"],
        ["last"] = ["Which thing came in last?", "What came in last?", "Tell me what came in last.", "Which was the last thing that came in?",
            "Of the things that came in, which was last?", "What was the last thing to come in?", "Which thing was the last to come in?", "Tell me which thing came in last.", "What thing came in last?", "Which was the last to come in?"],
        ["left.first"] = ["Which thing left first?", "What left first?", "Tell me what went out first.", "Which was the first thing that left?",
            "Of the things that went out, which was first?", "What was the first thing to leave?", "Which thing was the first to leave?", "Tell me which thing left first.", "What thing went out first?", "Which was the first to leave?"],
        ["when.came"] = ["When did the {thing} come in?", "At what time did the {thing} come in?", "When was the {thing} first seen?", "Tell me when the {thing} came in.",
            "When did you first see the {thing}?", "At which second did the {thing} come into the picture?", "At what second did the {thing} come in?", "Tell me the time when the {thing} came in.", "When did the {thing} come into the picture?", "At which time did the {thing} come in?"],
        ["when.left"] = ["When did the {thing} leave?", "At what time did the {thing} leave?", "When was the {thing} last seen?", "Tell me when the {thing} left.",
            "When did the {thing} go out?", "At which second did the {thing} leave the picture?", "At what second did the {thing} leave?", "Tell me the time when the {thing} went out.", "When did the {thing} leave the picture?", "At which time did the {thing} go out?"],
        ["when.light"] = ["When did the light change?", "At what time did the light change?", "When was the change of the light?", "Tell me when the light changed.",
            "When did it change between day and night?", "At which second did the light change?", "At what second did the light change?", "Tell me the time when the light changed.", "When has the light changed?", "At which time did the light change?"],
        ["text"] = ["What does the panel say?", "What is written on the panel?", "Tell me the text on the panel.", "What can you read on the panel?",
            "Which text is on the panel?", "Read the panel.", "What is the text on the panel?", "Tell me what is written on the panel.", "What text does the panel have?", "Tell me what you can read on the panel."],
        ["turned"] = ["What colour did the {thing} turn?", "Which colour did the {thing} change to?", "Into what colour did the {thing} change?", "Tell me the colour that the {thing} turned.",
            "The {thing} changed: what colour is it now?", "What is the new colour of the {thing}?", "Which colour did the {thing} turn?", "Tell me which colour the {thing} changed to.", "What colour did the {thing} change to?", "Into which colour did the {thing} turn?"],
        ["changed"] = ["Did anything change its colour?", "Has any thing changed its colour?", "Was there a change of colour?", "Did the colour of anything change?",
            "Has there been a thing that changed its colour?", "Did any thing turn another colour?", "Has anything changed its colour?", "Did any thing change its colour?", "Has the colour of anything changed?", "Was there a thing that changed its colour?"],
        ["light"] = ["Is it day or night?", "Is it day or night now?", "Which is it now, day or night?", "Tell me if it is day or night.",
            "At the end, is it day or night?", "Day or night?", "Is it now day or night?", "Tell me which it is now, day or night.", "At the end, which is it, day or night?", "Now, is it day or night?"],
        ["predict"] = ["Which side will the {thing} leave by?", "If it goes on, where will the {thing} leave?", "Where will the {thing} go out?", "By which side will the {thing} go out?",
            "Tell me where the {thing} will leave.", "On which side will the {thing} leave the picture?", "Where will the {thing} leave the picture?", "Tell me which side the {thing} will leave by.", "By which side will the {thing} leave?", "If it goes on, which side will the {thing} leave by?"],
        ["moving"] = ["Is the {thing} moving?", "Does the {thing} move now?", "Is the {thing} moving now?", "Tell me if the {thing} moves.",
            "At the end, does the {thing} move?", "Do you see the {thing} move now?", "Does the {thing} move?", "Tell me if the {thing} is moving.", "Now, is the {thing} moving?", "At the end, is the {thing} moving?"],
        ["summary"] = ["What happened?", "Tell me what happened.", "What has happened so far?", "Say what happened in the picture.",
            "What did you see happen?", "List what happened.", "Say what happened.", "Tell me what has happened so far.", "List what has happened.", "What happened in the picture?"],
    };
}
