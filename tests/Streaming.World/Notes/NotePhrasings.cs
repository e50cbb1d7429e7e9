using Streaming.World.Questions;

namespace Streaming.World.Notes;

/// <summary>
/// The ways in which each form of question about notes is put; split as <see cref="Phrasings"/> are. <c>{x}</c> is a thing by its
/// name, <c>{ax}</c> one with its article, <c>{xs}</c> several, <c>{y}</c> another thing, <c>{z}</c> a line or an area.
/// </summary>
public static class NotePhrasings
{
    public static string Pick(string form, Split split, Dice dice, params (string Slot, string Word)[] fillings)
    {
        string text = dice.Pick(Of(form, split));
        foreach ((string slot, string word) in fillings)
            text = text.Replace("{" + slot + "}", word, StringComparison.Ordinal);
        return text;
    }

    public static IReadOnlyList<string> Of(string form, Split split) => Phrasings.Portion(Forms[form], split);

    public static IEnumerable<string> AllForms => Forms.Keys;

    private static readonly Dictionary<string, string[]> Forms = new()
    {
        ["count.all"] = ["How many {xs} were there in all?", "How many {xs} have there been?", "How many {xs} came or were there?", "Count all the {xs}.", "What is the number of {xs} so far?",
            "How many different {xs} were seen?", "In all, how many {xs} were seen?", "How many {xs} did you see?", "Number of {xs} in all?", "How many {xs} passed?",
            "How many {xs} have been seen so far?", "Tell me the number of {xs} in all.", "So far, how many {xs} were there?", "Say how many {xs} there were.", "How many {xs} did you count?", "In all, how many {xs} have you seen?"],
        ["count.now"] = ["How many {xs} are there now?", "How many {xs} can be seen now?", "How many {xs} are still there?", "Count the {xs} that are there now.", "What is the number of {xs} now?",
            "How many {xs} are in the picture now?", "Right now, how many {xs} are there?", "Number of {xs} now?", "How many {xs} are in view?", "How many {xs} are left?",
            "How many {xs} do you see now?", "Now, how many {xs} are there?", "Tell me how many {xs} are there now.", "How many {xs} are there at the end?", "At the end, how many {xs} can you see?", "Say how many {xs} are still there."],
        ["count.most"] = ["How many {xs} were there at most?", "How many {xs} were there at once at most?", "What is the most {xs} at once?", "At most, how many {xs} were there at the same time?",
            "How many {xs} at the same time, at most?", "What was the greatest number of {xs} at once?", "How many {xs} were in view at once at most?", "Most {xs} at once?",
            "At most, how many {xs} at once?", "How many {xs} did you see at once at most?", "Tell me the most {xs} that were there at once.", "What is the most {xs} seen at the same time?", "How many {xs} were at most in the picture at once?"],
        ["exists"] = ["Was there {ax}?", "Did {ax} appear?", "Did you see {ax}?", "Has there been {ax}?", "Was {ax} seen?", "Has {ax} been there?", "Was {ax} ever there?", "Did {ax} come or stand there?",
            "Any {x} so far?", "Were there any {xs}?", "Have you seen {ax}?", "Did any {xs} come?", "Did {ax} show up?",
            "Was {ax} there at any time?", "Did you ever see {ax}?", "Was any {x} seen so far?", "Has there ever been {ax}?"],
        ["exists.now"] = ["Is there {ax} now?", "Is {ax} there now?", "Can you see {ax} now?", "Is {ax} still there?", "Is {ax} in the picture now?", "Do you see {ax} now?", "Any {x} there now?",
            "Is {ax} in view now?", "Are there any {xs} now?", "Right now, is there {ax}?",
            "At the end, is there {ax}?", "Is there still {ax}?", "Now, is {ax} there?", "Do you still see {ax}?"],
        ["first"] = ["What came in first?", "Who or what came first?", "Which thing came in first?", "What was the first to come in?", "What entered first?", "Who came in first?", "Which was the first thing that came?",
            "Say what came first.", "The first thing that came in: what was it?", "What appeared first?",
            "What came first?", "Tell me what came in first.", "Which thing was the first to come?", "Who was the first to come in?"],
        ["last"] = ["What came in last?", "Who or what came last?", "Which thing came in last?", "What was the last to come in?", "What entered last?", "Who came in last?", "Which was the last thing that came?",
            "Say what came last.", "The last thing that came in: what was it?", "What appeared last?",
            "What came last?", "Tell me what came in last.", "Which thing was the last to come?", "Who was the last to come in?"],
        ["left.first"] = ["What left first?", "Who or what left first?", "Which thing left first?", "What was the first to leave?", "Who left first?", "What went out first?", "Say what left first.",
            "Which was the first thing that left?", "The first thing to leave: what was it?", "Which thing went first?",
            "Tell me what left first.", "Which thing was the first to leave?", "What was the first to go out?", "Who was the first to leave?"],
        ["order"] = ["Which came in first, {x} or {y}?", "Did {x} or {y} come in first?", "What came first: {x} or {y}?", "Who came in first, {x} or {y}?", "Of {x} and {y}, which came in first?",
            "{x} or {y}: which came first?", "Which was there first, {x} or {y}?", "Which of them came first, {x} or {y}?", "Did {x} come before {y}, or {y} before {x}?", "Which one was first, {x} or {y}?",
            "Tell me which came first, {x} or {y}.", "What came in first, {x} or {y}?", "{x} or {y}: which one came in first?", "Which one came first, {x} or {y}?"],
        ["before"] = ["What came in just before the {x}?", "What came just before the {x}?", "Who or what came before the {x}?", "Which thing came in just before the {x}?", "What entered just before the {x}?",
            "Just before the {x}, what came in?", "What was the last thing to come before the {x}?", "Say what came just before the {x}.", "Before the {x}, what came in?", "What came right before the {x}?",
            "What came in before the {x}?", "Tell me what came just before the {x}.", "Which thing came just before the {x}?", "What came in right before the {x}?"],
        ["after"] = ["What came in just after the {x}?", "What came just after the {x}?", "Who or what came after the {x}?", "Which thing came in just after the {x}?", "What entered just after the {x}?",
            "Just after the {x}, what came in?", "What was the next thing to come after the {x}?", "Say what came just after the {x}.", "After the {x}, what came in?", "What came right after the {x}?",
            "What came in after the {x}?", "Tell me what came just after the {x}.", "Which thing came just after the {x}?", "What came in right after the {x}?"],
        ["colour"] = ["What colour was the {x}?", "Which colour did the {x} have?", "What was the colour of the {x}?", "Of what colour was the {x}?", "Name the colour of the {x}.", "What colour is the {x}?",
            "Which colour is the {x}?", "Say what colour the {x} was.", "The {x}: what colour was it?", "Colour of the {x}?", "What is the colour of the {x}?",
            "Tell me the colour of the {x}.", "What colour did the {x} have?", "Which colour was the {x}?", "Tell me what colour the {x} is."],
        ["when.came"] = ["When did the {x} come in?", "When did the {x} come?", "At what time did the {x} come in?", "When did the {x} enter?", "At which second did the {x} come in?", "When did the {x} appear?",
            "Say when the {x} came.", "The {x}: when did it come in?", "When was the {x} first there?", "Time when the {x} came?",
            "Tell me when the {x} came in.", "At what second did the {x} come?", "At which time did the {x} come in?", "Since when was the {x} there?"],
        ["when.left"] = ["When did the {x} leave?", "When did the {x} go?", "At what time did the {x} leave?", "At which second did the {x} leave?", "When did the {x} go out?", "Until when was the {x} there?",
            "Say when the {x} left.", "The {x}: when did it leave?", "When was the {x} gone?", "Time when the {x} left?",
            "Tell me when the {x} left.", "At what second did the {x} leave?", "At which time did the {x} go?", "When has the {x} left?"],
        ["stay"] = ["How long did the {x} stay?", "How long was the {x} there?", "For how long did the {x} stay?", "How many seconds did the {x} stay?", "How long was the {x} in the picture?", "For how many seconds was the {x} there?",
            "The {x}: how long was it there?", "Say how long the {x} stayed.", "How long did you see the {x}?", "How long was the {x} in view?",
            "Tell me how long the {x} stayed.", "How long has the {x} been there?", "For how long was the {x} there?", "How many seconds was the {x} in the picture?"],
        ["longest"] = ["How long did the longest {x} stay?", "What was the longest stay of {ax}?", "How long was {ax} there at most?", "The longest stay of {ax}: how long was it?", "How long did any {x} stay at most?",
            "For how long did {ax} stay at most?", "Say how long {ax} stayed at most.", "Longest stay of {ax}?", "How many seconds did {ax} stay at most?",
            "At most, how long did {ax} stay?", "Tell me the longest stay of {ax}.", "How long was the longest stay of {ax}?", "What is the longest that {ax} stayed?"],
        ["to"] = ["Where did the {x} leave to?", "By which side did the {x} leave?", "Which way did the {x} leave?", "Where did the {x} go out?", "On which side did the {x} leave?", "To which side did the {x} go out?",
            "The {x}: where did it leave?", "Say where the {x} left.", "Over which side did the {x} leave?", "Where did the {x} leave the picture?",
            "Tell me where the {x} went out.", "By which side did the {x} go out?", "Which side did the {x} leave by?", "Where did the {x} leave?"],
        ["from"] = ["Where did the {x} come from?", "From where did the {x} come in?", "From which side did the {x} come?", "On which side did the {x} come in?", "By which side did the {x} enter?", "Which side did the {x} come from?",
            "The {x}: where did it come in?", "Say where the {x} came in.", "Over which side did the {x} come in?", "Where did the {x} enter the picture?",
            "Tell me where the {x} came in.", "From which side did the {x} enter?", "Which side did the {x} come in by?", "Where did the {x} come in?"],
        ["text"] = ["What is written?", "What is written there?", "What can be read?", "Which text can you read?", "Read what is written.", "What does it say?", "Name the text in the picture.",
            "What was written in the picture?", "Text in the picture?", "Say what can be read.",
            "What can you read?", "Tell me what is written.", "Which text is in the picture?", "What text was there?"],
        ["clock"] = ["What does the clock say?", "What time does the clock show?", "Which time is on the clock?", "What time is written in the picture?", "Read the clock.", "What is the time on the clock?",
            "Time on the clock?", "What time is it by the clock?", "Say what the clock shows.",
            "Tell me what the clock says.", "Which time does the clock show?", "The clock: what does it say?", "What can you read on the clock?"],
        ["empty.when"] = ["When was nothing there?", "When was it empty?", "At what times was nothing there?", "When was the picture empty?", "When was nobody there?", "From when to when was nothing there?",
            "Say when nothing was there.", "When could nothing be seen?", "When was there nothing in view?", "At which times was it empty?",
            "Tell me when it was empty.", "When was there nothing?", "At what time was nothing in the picture?", "When did you see nothing?"],
        ["empty.now"] = ["Is it empty now?", "Is nothing there now?", "Is the picture empty now?", "Right now, is it empty?", "Is there nothing now?", "Is it empty at the end?", "Is nothing in view now?",
            "Empty now?", "Has everything left?", "Is it now empty?",
            "Now, is it empty?", "Is the picture empty at the end?", "Tell me if it is empty now.", "At the end, is nothing there?"],
        ["there.now"] = ["What is there now?", "What can you see now?", "Who or what is there now?", "What is still there?", "What is in the picture now?", "Which things are there now?", "What is in view now?",
            "Right now, what is there?", "Name what is there now.", "What is left at the end?",
            "What do you see now?", "Tell me what is there now.", "Now, what is in the picture?", "Which things are there at the end?"],
        ["frequent"] = ["What was seen most often?", "Which thing was there most often?", "What kind of thing was most frequent?", "What came most often?", "Of what were there most?", "Which kind of thing was seen most?",
            "Say what was seen most often.", "What was the most frequent thing?", "Most frequent thing?", "Which things were there most?",
            "Tell me what was seen most.", "What did you see most often?", "Which kind of thing came most often?", "What was there most often?"],
        ["busiest"] = ["When did most {xs} come?", "Which minute was busiest with {xs}?", "When was the busiest minute for {xs}?", "In which minute did most {xs} come?", "The busiest minute for {xs}: when was it?",
            "At what time was the busiest minute for {xs}?", "Say when most {xs} came.", "Busiest minute for {xs}?", "When was it busiest with {xs}?",
            "Tell me when most {xs} came.", "In which minute did you see most {xs} come?", "When was the minute with most {xs}?", "At what time did most {xs} come?"],
        ["seen.first"] = ["When was the first {x} seen?", "When was {ax} seen first?", "At what time was the first {x} there?", "When did you first see {ax}?", "Since when have there been {xs}?", "Say when {ax} was first seen.",
            "First {x} at what time?", "When did the first {x} come in or stand there?", "At which second was {ax} first seen?",
            "When did you see the first {x}?", "Tell me when {ax} was seen first.", "At what second was the first {x} seen?", "When was {ax} there first?"],
        ["seen.last"] = ["When was the last {x} seen?", "When was {ax} seen last?", "At what time was {ax} there last?", "When did you last see {ax}?", "Until when have there been {xs}?", "Say when {ax} was last seen.",
            "Last {x} at what time?", "When was {ax} in view last?", "At which second was {ax} last seen?",
            "When did you see the last {x}?", "Tell me when {ax} was seen last.", "At what second was the last {x} seen?", "When was {ax} there last?"],
        ["stopped"] = ["Did the {x} stop?", "Has the {x} stopped?", "Did the {x} stop anywhere?", "Did the {x} stand still?", "Say if the {x} stopped.", "Did the {x} ever stop?", "The {x}: did it stop?",
            "Was there a stop of the {x}?", "Did the {x} stand still at any time?",
            "Tell me if the {x} stopped.", "Did the {x} stop at any time?", "Has the {x} ever stopped?", "The {x}: did it stand still?"],
        ["stop.where"] = ["Where did the {x} stop?", "At what place did the {x} stop?", "In which part of the picture did the {x} stop?", "Where did the {x} stand still?", "Say where the {x} stopped.", "Where has the {x} stopped?",
            "The {x}: where did it stop?", "Place where the {x} stopped?", "At which place did the {x} stand?",
            "Tell me where the {x} stopped.", "In which place did the {x} stop?", "Where in the picture did the {x} stop?", "At which place did the {x} stop?"],
        ["stop.when"] = ["When did the {x} stop?", "At what time did the {x} stop?", "At which second did the {x} stop?", "Since when did the {x} stand still?", "Say when the {x} stopped.", "When has the {x} stopped?",
            "The {x}: when did it stop?", "Time when the {x} stopped?", "When did the {x} come to stand?",
            "Tell me when the {x} stopped.", "At what second did the {x} stop?", "At which time did the {x} stop?", "When did the {x} stand still?"],
        ["zone"] = ["Did {ax} cross {z}?", "Did any {x} cross or enter {z}?", "Has {ax} crossed {z}?", "Did {ax} go through {z}?", "Did {ax} come into {z}?", "Did {ax} enter {z}?", "Say if {ax} crossed {z}.",
            "Was {ax} at {z}?", "Has {ax} been in {z}?",
            "Tell me if {ax} crossed {z}.", "Has any {x} entered {z}?", "Did you see {ax} cross {z}?", "Was {z} crossed by {ax}?"],
        ["zone.when"] = ["When did the {x} cross {z}?", "When did the {x} enter {z}?", "At what time did the {x} cross {z}?", "When was the {x} at {z}?", "At which second did the {x} come to {z}?", "When did the {x} come into {z}?",
            "Say when the {x} crossed {z}.", "When did the {x} go through {z}?", "When has the {x} crossed {z}?",
            "Tell me when the {x} crossed {z}.", "At what second did the {x} cross {z}?", "At which time did the {x} enter {z}?", "When was the {x} seen at {z}?"],
        ["zone.count"] = ["How many things crossed {z}?", "How many crossed {z}?", "How often was {z} crossed?", "How many things came into {z}?", "How many things entered {z}?", "Count what crossed {z}.", "Number of things that crossed {z}?",
            "How many things went through {z}?", "How many things have crossed or entered {z}?",
            "Tell me how many things crossed {z}.", "How many things did you see cross {z}?", "What number of things crossed {z}?", "How many things have entered {z}?"],
        ["summary"] = ["What happened?", "Tell me what happened.", "What has happened so far?", "Say what happened in the picture.", "List what happened.", "What did you see happen?", "Say all that happened.", "What has been going on?",
            "Tell what you saw.", "So far, what has happened?",
            "Tell me what has happened so far.", "List what has happened.", "What happened in the picture?", "Say what happened."],
        ["untold"] = ["What is the name of the {x}?", "How old is the {x}?", "How heavy is the {x}?", "Why did the {x} come?", "Whose {x} is it?", "How fast was the {x}?", "What did the {x} say?", "Is the {x} new?",
            "How much does the {x} cost?", "What is in the {x}?", "Who made the {x}?", "Where will the {x} go next week?", "What is the {x} thinking?", "Does the {x} like music?", "How far away is the {x}?", "Is the {x} wet?", "Who owns the {x}?", "What was there before the camera was on?",
            "What does the {x} weigh?", "How tall is the {x}?", "To whom does the {x} belong?", "What is the price of the {x}?", "Why is the {x} there?", "Is the {x} old?"],
    };
}
