// Faults put into the engine on purpose, and whether its tests notice.
//
//     dotnet fsi tests/Torture/Mutants/mutants.fsx --count 60 --seed 1
//
// All places of the folders where one of the mutations below could be made are numbered by the hash
// of seed and place; the first N that compile are the sample. A copy of the committed repository
// gets them all at once, each behind a question which one is on, so that one build serves all.
// First the tests run with none on: they have to pass, and it is noted which class of tests comes
// by which mutant. Then, for each mutant, those classes run that come by it: first the ones nearest
// to its folder, then, where they notice nothing, the others of Engine.Tests, to the first failure.
// Tests of the other projects are not run, so the share that is found is a lower bound of the
// whole suite's.
//
// Options: --count N, --seed N, --folders A,B, --minutes N (begins no further mutant after N
// minutes; the sample is then shorter and still random), --keep DIR (work there, use what is
// built), --out FILE (written after each mutant), --again FILE (of the sample that FILE tells of,
// only those mutants that survived; FILE gets what was found this time beside what was found
// first). Survivors that turn out to be without an effect are written into FILE by hand, as
// "equivalent" with place and reason; --again keeps them.

#r "nuget: Microsoft.CodeAnalysis.CSharp, 5.12.0"

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.CSharp.Syntax

let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", ".."))

let arguments = fsi.CommandLineArgs |> Array.toList |> List.tail

let option (name: string) (otherwise: string) =
    match arguments |> List.tryFindIndex ((=) name) with
    | Some i when i + 1 < arguments.Length -> arguments[i + 1]
    | Some _ -> failwith $"{name} wants a value"
    | None -> otherwise

let again = option "--again" ""

/// The file of an earlier sample, and a number or list in its command.
let earlier =
    if again = "" then
        None
    else
        Some(JsonNode.Parse(File.ReadAllText again).AsObject())

let told (name: string) (otherwise: string) =
    match earlier with
    | None -> option name otherwise
    | Some file ->
        let words = file["command"].GetValue<string>().Split ' '

        match Array.IndexOf(words, name) with
        | -1 -> otherwise
        | i -> words[i + 1]

let count = int (told "--count" "60")
let seed = told "--seed" "1"

let folders =
    (told "--folders" "Training,Records,Judging,Networks").Split ',' |> List.ofArray

let minutes = float (option "--minutes" "1e9")

let work =
    option "--keep" (Directory.CreateTempSubdirectory("repro-mutants-").FullName)

/// A fault that could be made.
type Mutation = {
    File: string
    Line: int
    Start: int
    Length: int
    What: string
    /// The statement or expression after the fault, from the one that stands there.
    Make: SyntaxNode -> string
    Rank: string
}

let switch = "global::Repro.Engine.Mutant.Is"

let exchanged =
    dict [
        SyntaxKind.LessThanExpression, "<="
        SyntaxKind.LessThanOrEqualExpression, "<"
        SyntaxKind.GreaterThanExpression, ">="
        SyntaxKind.GreaterThanOrEqualExpression, ">"
        SyntaxKind.EqualsExpression, "!="
        SyntaxKind.NotEqualsExpression, "=="
        SyntaxKind.LogicalAndExpression, "||"
        SyntaxKind.LogicalOrExpression, "&&"
        SyntaxKind.AddExpression, "-"
        SyntaxKind.SubtractExpression, "+"
        SyntaxKind.MultiplyExpression, "/"
        SyntaxKind.DivideExpression, "*"
        SyntaxKind.ModuloExpression, "*"
    ]

/// What a compiler wants to know itself, or what declares a name that both branches would.
let isOutOfReach (node: SyntaxNode) =
    let above = node.AncestorsAndSelf()

    let isConstant (n: SyntaxNode) =
        match n with
        | :? AttributeSyntax
        | :? EnumMemberDeclarationSyntax
        | :? CaseSwitchLabelSyntax
        | :? PatternSyntax
        | :? ThrowExpressionSyntax
        | :? ThrowStatementSyntax -> true
        | :? ParameterSyntax as p -> not (isNull p.Default)
        | :? FieldDeclarationSyntax as f -> f.Modifiers.Any SyntaxKind.ConstKeyword
        | :? LocalDeclarationStatementSyntax as l -> l.Modifiers.Any SyntaxKind.ConstKeyword
        | _ -> false

    let declares (n: SyntaxNode) =
        match n with
        | :? DeclarationExpressionSyntax
        | :? SingleVariableDesignationSyntax
        | :? RefExpressionSyntax
        | :? StackAllocArrayCreationExpressionSyntax
        | :? AwaitExpressionSyntax
        | :? YieldStatementSyntax -> true
        | _ -> false

    Seq.exists isConstant above
    || Seq.exists declares (node.DescendantNodesAndSelf())

let isText (node: SyntaxNode) =
    node.DescendantNodesAndSelf()
    |> Seq.exists (fun n ->
        n.IsKind SyntaxKind.StringLiteralExpression
        || n :? InterpolatedStringExpressionSyntax)

/// The mutation of a node, in words and as text.
let mutationOf (node: SyntaxNode) : (string * (SyntaxNode -> string)) option =
    match node with
    | :? BinaryExpressionSyntax as b when exchanged.ContainsKey(b.Kind()) && not (isText b) ->
        let other = exchanged[b.Kind()]

        Some(
            $"{b.OperatorToken.Text} as {other}",
            fun n ->
                let b = n :?> BinaryExpressionSyntax
                $"({b.Left}) {other} ({b.Right})"
        )
    | :? LiteralExpressionSyntax as l when l.IsKind SyntaxKind.TrueLiteralExpression ->
        Some("true as false", fun _ -> "false")
    | :? LiteralExpressionSyntax as l when l.IsKind SyntaxKind.FalseLiteralExpression ->
        Some("false as true", fun _ -> "true")
    | :? PrefixUnaryExpressionSyntax as p when p.IsKind SyntaxKind.LogicalNotExpression ->
        Some("! left out", fun n -> string (n :?> PrefixUnaryExpressionSyntax).Operand)
    | :? PrefixUnaryExpressionSyntax as p when
        p.IsKind SyntaxKind.UnaryMinusExpression
        && not (p.Operand :? LiteralExpressionSyntax)
        ->
        Some("- left out", fun n -> string (n :?> PrefixUnaryExpressionSyntax).Operand)
    | :? ConditionalExpressionSyntax as c when not (isText c) ->
        Some(
            "branches of ?: exchanged",
            fun n ->
                let c = n :?> ConditionalExpressionSyntax
                $"({c.Condition}) ? ({c.WhenFalse}) : ({c.WhenTrue})"
        )
    | :? ExpressionStatementSyntax as s when
        not (s.Expression :? AwaitExpressionSyntax)
        && not (s.Parent :? LabeledStatementSyntax)
        ->
        Some("statement left out", fun _ -> "")
    | _ -> None

let candidates (copy: string) =
    [
        for folder in folders do
            let files =
                Directory.GetFiles(
                    Path.Combine(copy, "engine", folder),
                    "*.cs",
                    SearchOption.AllDirectories
                )

            for path in Array.sort files do
                let file = Path.GetRelativePath(copy, path).Replace('\\', '/')
                let tree = CSharpSyntaxTree.ParseText(File.ReadAllText path)

                for node in tree.GetRoot().DescendantNodes() do
                    match mutationOf node with
                    | Some(what, make) when not (isOutOfReach node) ->
                        let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
                        let place = $"{seed}:{file}:{node.SpanStart}:{node.Span.Length}:{what}"

                        {
                            File = file
                            Line = line
                            Start = node.SpanStart
                            Length = node.Span.Length
                            What = what
                            Make = make
                            Rank =
                                Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes place))
                        }
                    | _ -> ()
    ]
    |> List.sortBy _.Rank

/// Writes the files with the mutations in them, each behind its number.
let insert (copy: string) (sources: Map<string, string>) (chosen: (int * Mutation) list) =
    for file, those in chosen |> List.groupBy (fun (_, m) -> m.File) do
        let tree = CSharpSyntaxTree.ParseText sources[file]
        let tops = tree.GetRoot()

        let nodeOf (m: Mutation) =
            tops.DescendantNodes()
            |> Seq.find (fun n ->
                n.SpanStart = m.Start
                && n.Span.Length = m.Length
                && (mutationOf n |> Option.map fst) = Some m.What)

        let byNode = those |> List.map (fun (k, m) -> nodeOf m, (k, m)) |> dict

        let replaced (original: SyntaxNode) (now: SyntaxNode) : SyntaxNode =
            let k, m = byNode[original]

            match now with
            | :? StatementSyntax as s ->
                SyntaxFactory.ParseStatement($"if (!{switch}({k})) {{ {s} }}\n").WithTriviaFrom s
            | _ ->
                SyntaxFactory
                    .ParseExpression($"({switch}({k}) ? ({m.Make now}) : ({now}))")
                    .WithTriviaFrom
                    now

        let changed = tops.ReplaceNodes(byNode.Keys, replaced)
        File.WriteAllText(Path.Combine(copy, file), changed.ToFullString())

/// Runs a program to its end, or to the first line that is enough. Its exit code is then 1, and
/// −1 where it did not end in time.
let runUntil enough (folder: string) environment (patience: TimeSpan) program words =
    let start = ProcessStartInfo(program, (words: string list))
    start.WorkingDirectory <- folder
    start.RedirectStandardOutput <- true
    start.RedirectStandardError <- true

    for name, value in environment do
        start.Environment[name] <- value

    use running = Process.Start start
    let output = StringBuilder()
    let isEnough = ref false

    let hear (line: string) =
        if not (isNull line) then
            lock output (fun () -> output.AppendLine line |> ignore)

            if enough line && not isEnough.Value then
                isEnough.Value <- true
                running.Kill true

    running.OutputDataReceived.Add(fun e -> hear e.Data)
    running.ErrorDataReceived.Add(fun e -> hear e.Data)
    running.BeginOutputReadLine()
    running.BeginErrorReadLine()
    let isEnded = running.WaitForExit patience

    if not isEnded then
        running.Kill true

    running.WaitForExit()
    let said = lock output output.ToString

    if isEnough.Value then 1, said
    elif isEnded then running.ExitCode, said
    else -1, said

let run folder environment patience program words =
    runUntil (fun _ -> false) folder environment patience program words

let long = TimeSpan.FromHours 2.0

let must folder program words =
    match run folder [] long program words with
    | 0, output -> output
    | code, output -> failwith $"{program} {List.head words}: exit code {code}\n{output}"

let build copy =
    run copy [ ("MSBUILDDISABLENODEREUSE", "1") ] long "dotnet" [
        "build"
        "tests/Engine.Tests"
        "-c"
        "Release"
        "--nologo"
        "-v"
        "quiet"
        "-p:TreatWarningsAsErrors=false"
        "-p:EnforceCodeStyleInBuild=false"
        "-p:RunAnalyzersDuringBuild=false"
        "-p:GenerateDocumentationFile=false"
    ]

/// Folders of the tests that are nearest to a folder of the engine.
let near folder =
    match folder with
    | "Training" -> [ "Training"; "Runs" ]
    | "Records" -> [ "Records"; "Runs" ]
    | "Judging" -> [ "Judging" ]
    | "Networks" -> [ "Networks" ]
    | other -> [ other ]

// Tests that start a program, which has a build of its own, or read what the build leaves out, and
// those that take minutes. They are taken out of the copy: a filter that says "not these" leaves
// them out of the count only, and a failure of theirs would end the run with nothing found.
let leftOut = [
    "Torture"
    "Numerics/ProbeTests.cs"
    "Numerics/ReferenceTests.cs"
    "ReadmeTests.cs"
    "ExampleTests.cs"
]

// NUnit's own way to stop at the first failure can leave the run waiting for ever.
let tests copy environment patience choice =
    let isFailure (line: string) =
        line.StartsWith("  Failed ", StringComparison.Ordinal)

    runUntil
        isFailure
        copy
        environment
        patience
        "dotnet"
        ([
            "test"
            "tests/Engine.Tests/bin/Release/net10.0/Repro.Engine.Tests.dll"
            "--nologo"
         ]
         @ choice)

/// How many tests a run that found nothing says there were, with those skipped for want of data.
let passedOf (output: string) =
    let said = RegularExpressions.Regex.Match(output, @"Passed!.*Total:\s*(\d+)")
    if said.Success then int said.Groups[1].Value else 0

let wilson (successes: int) (n: int) =
    let z, p = 1.959963984540054, float successes / float n
    let n = float n
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n)
    let half = z / (1.0 + z * z / n) * sqrt (p * (1.0 - p) / n + z * z / (4.0 * n * n))
    middle - half, middle + half

let commit = (must root "git" [ "rev-parse"; "HEAD" ]).Trim()
let copy = Path.Combine(work, commit.Substring(0, 12))

if not (Directory.Exists copy) then
    Directory.CreateDirectory copy |> ignore
    let archive = Path.Combine(work, "sources.tar")
    must root "git" [ "archive"; "--output"; archive; "HEAD" ] |> ignore
    must copy "tar" [ "xf"; archive ] |> ignore

for name in leftOut do
    let path = Path.Combine(copy, "tests", "Engine.Tests", name)

    if Directory.Exists path then
        Directory.Delete(path, recursive = true)
    else
        File.Delete path

File.WriteAllText(
    Path.Combine(copy, "engine", "Mutant.cs"),
    $$"""
    namespace Repro.Engine;

    /// <summary>Which fault is on, and which ones have been asked for.</summary>
    public static class Mutant
    {
        private static readonly int On = int.Parse(
            System.Environment.GetEnvironmentVariable("REPRO_MUTANT") ?? "-1");

        /// <summary>The file that says which tests come by which fault.</summary>
        public static readonly string? Trace =
            System.Environment.GetEnvironmentVariable("REPRO_MUTANT_TRACE");

        private static readonly bool IsTraced = Trace is not null;

        /// <summary>Whether somebody came by.</summary>
        public static readonly bool[] Reached = new bool[{{count}}];

        /// <summary>Whether it is this one.</summary>
        public static bool Is(int number)
        {
            if (IsTraced)
            {
                Reached[number] = true;
            }
            return On == number;
        }
    }
    """
)

// What is reached between two tests, such as what a fixture does once, goes to the latter's class.
File.WriteAllText(
    Path.Combine(copy, "tests", "Engine.Tests", "MutantWatch.cs"),
    """
    using System.Diagnostics;
    using NUnit.Framework;
    using NUnit.Framework.Interfaces;
    using Repro.Engine;

    [assembly: Repro.Engine.Tests.MutantWatch]

    namespace Repro.Engine.Tests;

    [AttributeUsage(AttributeTargets.Assembly)]
    public sealed class MutantWatchAttribute : Attribute, ITestAction
    {
        private static readonly Stopwatch Clock = Stopwatch.StartNew();

        public ActionTargets Targets => ActionTargets.Test;

        public void BeforeTest(ITest test)
        {
        }

        public void AfterTest(ITest test)
        {
            if (Mutant.Trace is null)
            {
                return;
            }
            string name = test.Fixture?.GetType().FullName ?? test.ClassName ?? "";
            IEnumerable<int> reached =
                Enumerable.Range(0, Mutant.Reached.Length).Where(k => Mutant.Reached[k]);
            File.AppendAllText(
                Mutant.Trace,
                $"{name}\t{Clock.ElapsedMilliseconds}\t{string.Join(',', reached)}\n");
            Array.Clear(Mutant.Reached);
            Clock.Restart();
        }
    }
    """
)

let sourcesPath = Path.Combine(work, "sources.json")

// The sources before mutants went in; a second call with --keep finds them here.
let sources =
    if File.Exists sourcesPath then
        JsonSerializer.Deserialize<Map<string, string>>(File.ReadAllText sourcesPath)
    else
        let read =
            candidates copy
            |> List.map _.File
            |> List.distinct
            |> List.map (fun file -> file, File.ReadAllText(Path.Combine(copy, file)))
            |> Map.ofList

        File.WriteAllText(sourcesPath, JsonSerializer.Serialize read)
        read

for KeyValue(file, text) in sources do
    File.WriteAllText(Path.Combine(copy, file), text)

let all = candidates copy
printfn "%d places in %s" all.Length (String.concat ", " folders)

/// The first N of the order that compile, and the copy built with them.
let rec compiled (rejected: Set<string>) =
    let chosen =
        all
        |> List.filter (fun m -> not (rejected.Contains m.Rank))
        |> List.truncate count
        |> List.indexed

    for KeyValue(file, text) in sources do
        File.WriteAllText(Path.Combine(copy, file), text)

    insert copy sources chosen

    match build copy with
    | 0, _ -> chosen
    | _, output ->
        // Lines stay where they were: a mutation adds none.
        let wrong =
            chosen
            |> List.filter (fun (_, m) -> output.Contains $"{m.File}({m.Line},")
            |> List.map (fun (_, m) -> m.Rank)

        if wrong.IsEmpty then
            failwith $"does not build, and no mutant is named:\n{output}"

        printfn "%d do not compile" wrong.Length
        compiled (Set.union rejected (Set.ofList wrong))

let chosen = compiled Set.empty
let clock = Stopwatch.StartNew()

/// A class of tests: how long it takes when nothing is wrong, and the mutants it comes by.
type Class = {
    Name: string
    Tests: int
    Time: TimeSpan
    Reaches: Set<int>
}

let classes =
    let trace = Path.Combine(work, "trace.tsv")
    File.Delete trace

    let code, output = tests copy [ ("REPRO_MUTANT_TRACE", trace) ] long []

    let rows = File.ReadAllLines trace

    if code <> 0 || passedOf output <> rows.Length then
        failwith $"the tests fail without a mutant, or {rows.Length} ended:\n{output}"

    rows
    |> Seq.map (fun line -> line.Split '\t')
    |> Seq.groupBy Array.head
    |> Seq.map (fun (name, rows) -> {
        Name = name
        Tests = Seq.length rows
        Time = TimeSpan.FromMilliseconds(rows |> Seq.sumBy (fun row -> float row[1]))
        Reaches =
            rows
            |> Seq.collect (fun row ->
                row[2].Split(',', StringSplitOptions.RemoveEmptyEntries) |> Seq.map int)
            |> Set.ofSeq
    })
    |> List.ofSeq

printfn "%d classes of tests, %.0f s with no mutant" classes.Length clock.Elapsed.TotalSeconds

/// Whether a value is made once for all tests, whichever of them comes by first.
let isMadeOnce (m: Mutation) =
    let tops = CSharpSyntaxTree.ParseText(sources[m.File]).GetRoot()

    tops.FindNode(Microsoft.CodeAnalysis.Text.TextSpan(m.Start, m.Length)).AncestorsAndSelf()
    |> Seq.exists (fun n ->
        match n with
        | :? FieldDeclarationSyntax as f -> f.Modifiers.Any SyntaxKind.StaticKeyword
        | :? PropertyDeclarationSyntax as p ->
            p.Modifiers.Any SyntaxKind.StaticKeyword && not (isNull p.Initializer)
        | :? ConstructorDeclarationSyntax as c -> c.Modifiers.Any SyntaxKind.StaticKeyword
        | _ -> false)

/// The classes that come by a mutant: those near its folder, and the others.
let classesOf (k: int) (m: Mutation) =
    let isNear (c: Class) =
        near (m.File.Split('/')[1])
        |> List.exists (fun name -> c.Name.Contains $"Engine.Tests.{name}.")

    classes
    |> List.filter (fun c -> c.Reaches.Contains k || isMadeOnce m)
    |> List.partition isNear

let placeOf (m: Mutation) = $"{m.File}:{m.Line}: {m.What}"

let rounded (x: float) =
    JsonValue.Create(Math.Round(x, 4)) :> JsonNode

let places (those: Mutation list) =
    JsonArray [| for m in those -> JsonValue.Create(placeOf m) :> JsonNode |] :> JsonNode

/// The share of the mutants that was found, with its interval.
let shareOf (killed: int) (tried: int) =
    let low, high = wilson killed tried

    [
        "killed", JsonValue.Create killed :> JsonNode
        "share", rounded (float killed / float tried)
        "low", rounded low
        "high", rounded high
        "commit", JsonValue.Create commit
    ]

/// What became of the mutants so far, in the form of the other figures of tests/Torture.
let figuresOf (results: (Mutation * string) list) =
    let survivors =
        results |> List.filter (fun (_, how) -> how = "survived") |> List.map fst

    let byTime = results |> List.filter (fun (_, how) -> how = "time")
    let killed = results.Length - survivors.Length

    JsonObject(
        dict (
            [
                "folders", JsonValue.Create(String.concat ", " folders) :> JsonNode
                "places", JsonValue.Create all.Length
                "mutants", JsonValue.Create results.Length
                "ofThemByTime", JsonValue.Create byTime.Length
            ]
            @ shareOf killed results.Length
            @ [ "survivors", places survivors ]
        )
    )

/// What the same sample came to at another commit: mutants that were found are taken as found.
let againOf (tried: int) (left: Mutation list) =
    JsonObject(dict (shareOf (tried - left.Length) tried @ [ "survivors", places left ]))

// As the engine's ProcessorName has it, which a script that puts faults into the engine must not
// load: one name is given to generations that differ twofold in speed.
let cpu =
    let facts = "/proc/cpuinfo"

    let found =
        if File.Exists facts then
            [
                for line in File.ReadLines facts do
                    match line.Split(':', 2) with
                    | [| key; value |] -> key.Trim(), value.Trim()
                    | _ -> ()
            ]
        else
            []

    let field name =
        found |> List.tryFind (fst >> (=) name) |> Option.map snd

    match field "model name", field "cpu family", field "model" with
    | Some name, Some family, Some model -> $"{name}, family {family}, model {model}"
    | Some name, _, _ -> name
    | None, _, _ -> "unknown"

let written (file: JsonObject) =
    let options =
        JsonSerializerOptions(
            WriteIndented = true,
            Encoder = Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        )

    file.ToJsonString options + "\n"

/// Writes the figures and the command that gives the same sample.
let say (results: (Mutation * string) list) =
    let chosenFolders =
        if List.contains "--folders" arguments then
            " --folders " + String.concat "," folders
        else
            ""

    let command =
        "dotnet fsi tests/Torture/Mutants/mutants.fsx"
        + $" --count {results.Length} --seed {seed}{chosenFolders}"

    let machine =
        dict [
            "cpu", JsonValue.Create cpu :> JsonNode
            "cores", JsonValue.Create Environment.ProcessorCount
            "os", JsonValue.Create RuntimeInformation.OSDescription
            "architecture", JsonValue.Create(string RuntimeInformation.OSArchitecture)
            "dotNet", JsonValue.Create(string Environment.Version)
        ]

    let text =
        JsonObject(
            dict [
                "command", JsonValue.Create command :> JsonNode
                "machine", JsonObject machine
                "figures", figuresOf results
            ]
        )
        |> written

    match option "--out" "" with
    | "" -> ()
    | path -> File.WriteAllText(path, text)

    text

let survivorsOf (file: JsonObject) =
    file["figures"].["survivors"].AsArray()
    |> Seq.map _.GetValue<string>()
    |> Set.ofSeq

/// What becomes of a mutant in these classes. A run that was cut off may end with 0 too.
let noticedBy (k: int) (those: Class list) =
    if those.IsEmpty then
        None
    else
        let usual = those |> List.sumBy _.Time.TotalSeconds
        let patience = TimeSpan.FromSeconds(10.0 * usual + 120.0)

        let filter =
            those |> List.map (fun c -> $"FullyQualifiedName~{c.Name}") |> String.concat "|"

        let all = those |> List.sumBy _.Tests

        match tests copy [ ("REPRO_MUTANT", string k) ] patience [ "--filter"; filter ] with
        | 0, output when passedOf output >= all -> None
        | 0, output -> failwith $"{all} tests did not run to their end:\n{output}"
        | -1, _ -> Some "time"
        | _ -> Some "test"

let become (k: int) (m: Mutation) =
    let nearest, others = classesOf k m

    let how =
        match noticedBy k nearest with
        | Some how -> how
        | None -> noticedBy k others |> Option.defaultValue "survived"

    let coming = nearest.Length + others.Length
    printfn "%d %s %s (%d classes come by)" k how (placeOf m) coming
    how

match earlier with
| Some file ->
    let before = survivorsOf file
    let those = chosen |> List.filter (fun (_, m) -> before.Contains(placeOf m))

    if those.Length <> before.Count then
        failwith
            $"{before.Count} survivors are named in {again}, and {those.Length} of them are places \
              of this sample: the engine has changed since"

    let left = those |> List.filter (fun (k, m) -> become k m = "survived")
    let figures = file["figures"].AsObject()
    let tried = figures["mutants"].GetValue<int>()
    figures["again"] <- againOf tried (List.map snd left)
    File.WriteAllText(again, written file)
    printfn "%s" (written file)
| None ->
    let results =
        (([], chosen)
         ||> List.fold (fun done' (k, m) ->
             if clock.Elapsed.TotalMinutes >= minutes then
                 done'
             else
                 let now = done' @ [ (m, become k m) ]
                 say now |> ignore
                 now))

    printfn "%s" (say results)
