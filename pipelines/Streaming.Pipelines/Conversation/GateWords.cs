using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Streaming.Pipelines.Conversation;

/// <summary>The words by which English marks questions, orders and whom they are meant for. Lower case, straight apostrophes.</summary>
internal static partial class GateWords
{
    /// <summary>What people say before they begin.</summary>
    public static readonly FrozenSet<string> Fillers = Set(
        "um uh uhm er erm hm hmm ah oh well so and but or okay ok right now then alright hey hi hello please actually also just anyway listen sorry");

    public static readonly FrozenSet<string> Asking = Set("what which who whom whose where when why how");

    public static readonly FrozenSet<string> Auxiliaries = Set("is are was were am do does did has have had can could will would shall should may might must");

    /// <summary>An auxiliary before one of these has no subject: "could be", "will do", "is what I said".</summary>
    public static readonly FrozenSet<string> NoSubjects = Set("be been have do not never so too well probably maybe always what why how when where whatever because as fine nice good okay");

    public static readonly FrozenSet<string> Pronouns = Set("i you he she it we they that this there i'm i'd i'll i've you're he's she's it's we're they're there's");

    /// <summary>What a service that sees can be asked to do, as it stands after "you".</summary>
    public static readonly FrozenSet<string> Services = Set(
        "see seen saw know tell say show count read find found spot spotted notice noticed recognise recognize remember recall hear heard describe explain check identify look watch watched "
        + "summarise summarize name estimate detect list compare confirm report let alert notify warn inform keep give locate track monitor search record");

    /// <summary>What may stand between "you" and its verb.</summary>
    public static readonly FrozenSet<string> Adverbs = Set("still ever also just please really even last first all now currently perhaps by who actually quickly");

    /// <summary>With these before it "I" or "we" asks for leave or makes a proposal, and does not ask what is to be seen.</summary>
    public static readonly FrozenSet<string> Proposals = Set("can could may might shall should will would must");

    /// <summary>Questions in form only, and what is said out of habit.</summary>
    [GeneratedRegex(@"^(how (are|is|was) (you|it going|everything going|life)\b.*|how do you do|how dare .*|what's (up|new)|(do )?(you )?know what i mean|who (cares|knows)|guess what.*|is that so|(are you|you're) kidding( me)?|what the \w+( is this)?|who would have thought.*|tell me about it|so what|what if .*|why (don't|not) .*|how about .*|what (a|an) .*|which (is|was) (why|what|how|where|when|fine|good|great|nice)\b.*)$")]
    public static partial Regex Habits();

    /// <summary>A short question at the end of what is none.</summary>
    [GeneratedRegex(@",\s*((is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|wo|ca)(n't| not)? (i|you|he|she|it|we|they|there)|right|okay|ok|yeah|huh|eh|no|yes)\s*\?$", RegexOptions.IgnoreCase)]
    public static partial Regex Tag();

    /// <summary>Orders to tell somebody, wherever they stand: "when it rings, tell me". Not "he will tell me", "didn't tell us".</summary>
    [GeneratedRegex(@"(?<!\b(he|she|they|you|it|who|to|will|would|'ll|did|didn't|do|don't|does|doesn't|can|can't|could|never|always|i|we|people|nobody|everybody|someone|somebody) )\b(((tell|alert|notify|warn|inform|remind|ping|message|wake) (me|us)|let (me|us) know)\b|(alert|notify|warn|inform) (security|everyone|everybody|the \w+)\b|show (me|us) (?!(round|around|your|the way))|give (me|us) (a|an|the|some|all) (short |full |quick |brief )?(list|lists|summary|count|number|numbers|overview|report|description|account|idea|total|time|times|name|names|colour|color)\b)")]
    public static partial Regex TellMe();

    /// <summary>Orders that only a service which sees can carry out, at the beginning of a sentence.</summary>
    [GeneratedRegex(@"^((describe|list|summari[sz]e|identify|report|explain|compare|locate|track|monitor|estimate|detect|recogni[sz]e|name|find) \w+|count (?!(me|us|on|to)\b)\w+|watch (for|the|if|whether|when|over|all|every|any|who|how|out for)\b|look (for|out for|whether|if|at (the|all|every|that \w+))\b|check (if|whether|that|the|for|on|who|what|where|how|when|all|every)\b|(read|search|scan) (the|what|that|for|out|all|any|every)\b|keep (an eye on|watch|watching|tracking|counting|looking|monitoring|telling)\b|(stop|start|pause|resume|continue) (watching|tracking|counting|alerting|notifying|telling|monitoring|recording|warning|reporting|looking|sending)\b|say (what|who|how|where|when|if|whether|which)\b|point out \w+|zoom \w+|(note|record|log) (when|every|all|each|who)\b|(take|make) (a )?(note|count|list) of\b)")]
    public static partial Regex Order();

    /// <summary>"I wonder if" and its like: a question that is told.</summary>
    [GeneratedRegex(@"^((i (wonder|want to know|need to know|would like to know|have to know)|i'd (like|love) to know|we (want|need) to know|any idea) (if|whether|what|which|who|whose|where|when|why|how)\b)")]
    public static partial Regex Wondering();

    /// <summary>Somebody calls the service by what it is.</summary>
    [GeneratedRegex(@"^\s*((hey|hi|ok|okay|hello),?\s+(the\s+)?(camera|computer|assistant|streaming)\b[,!.]?|(camera|computer|assistant|streaming)\s*,)\s*", RegexOptions.IgnoreCase)]
    public static partial Regex Call();

    /// <summary>Somebody talks about who is talked to.</summary>
    [GeneratedRegex(@"\b(your|yours|yourself|yourselves)\b")]
    public static partial Regex Yours();

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
