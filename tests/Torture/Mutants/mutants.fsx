// Faults put into the engine on purpose, and whether its tests notice.
//
//     dotnet fsi tests/Torture/Mutants/mutants.fsx --count 60 --seed 1
//
// All places of the folders where one of the mutations below could be made are numbered by the hash
// of seed and place; the first N that compile are the sample. A copy of the committed repository
// gets them all at once, each behind a question which one is on, so that one build serves all.
// Then the tests run once for each: first those nearest to its folder, which stop at the first
// failure, then, where they notice nothing, the others of Engine.Tests. Tests of the other projects
// are not run, so the share that is found is a lower bound of the whole suite's.
//
// Options: --count N, --seed N, --folders A,B, --minutes N (begins no further mutant after N
// minutes; the sample is then shorter and still random), --keep DIR (work there, use what is
// built), --out FILE (written after each mutant).

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

let count = int (option "--count" "60")
let seed = option "--seed" "1"

let folders =
    (option "--folders" "Training,Records,Judging,Networks").Split ','
    |> List.ofArray

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

let run (folder: string) (environment: (string * string) list) (patience: TimeSpan) program words =
    let start = ProcessStartInfo(program, (words: string list))
    start.WorkingDirectory <- folder
    start.RedirectStandardOutput <- true
    start.RedirectStandardError <- true

    for name, value in environment do
        start.Environment[name] <- value

    use running = Process.Start start
    let output = running.StandardOutput.ReadToEndAsync()
    let errors = running.StandardError.ReadToEndAsync()

    if running.WaitForExit patience then
        running.ExitCode, output.Result + errors.Result
    else
        running.Kill true
        running.WaitForExit()
        -1, "did not end"

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

/// Tests of an engine's folder, and of those that use it most.
let near folder =
    match folder with
    | "Training" -> [ "Training"; "Runs" ]
    | "Records" -> [ "Records"; "Runs" ]
    | "Judging" -> [ "Judging" ]
    | "Networks" -> [ "Networks" ]
    | other -> [ other ]

let filterOf folder =
    near folder
    |> List.map (fun name -> $"FullyQualifiedName~Engine.Tests.{name}")
    |> String.concat "|"

// Tests that start a program, which has a build of its own, and those that take minutes.
let others folder =
    let notNear =
        near folder |> List.map (fun name -> $"FullyQualifiedName!~Engine.Tests.{name}")

    notNear
    @ [
        "FullyQualifiedName!~Engine.Tests.Torture"
        "FullyQualifiedName!~ProbeTests"
        "FullyQualifiedName!~ReferenceTests"
        "FullyQualifiedName!~ReadmeTests"
        "FullyQualifiedName!~ExampleTests"
    ]
    |> String.concat "&"

let tests copy (mutant: int) patience filter =
    run copy [ ("REPRO_MUTANT", string mutant) ] patience "dotnet" [
        "test"
        "tests/Engine.Tests"
        "-c"
        "Release"
        "--no-build"
        "--nologo"
        "--filter"
        filter
        "--"
        "NUnit.StopOnError=true"
    ]

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

    File.WriteAllText(
        Path.Combine(copy, "engine", "Mutant.cs"),
        "namespace Repro.Engine;\n\n/// <summary>Which fault is on.</summary>\n\
         public static class Mutant\n{\n\
         private static readonly int On = int.Parse(\n\
         System.Environment.GetEnvironmentVariable(\"REPRO_MUTANT\") ?? \"-1\");\n\
         /// <summary>Whether it is this one.</summary>\n\
         public static bool Is(int number) => On == number;\n}\n"
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

/// How long the near tests of a folder take when nothing is wrong, with which they must pass.
let usual =
    chosen
    |> List.map (fun (_, m) -> m.File.Split('/')[1])
    |> List.distinct
    |> List.map (fun folder ->
        let before = clock.Elapsed

        match tests copy -1 long (filterOf folder) with
        | 0, _ ->
            printfn "%s: %.0f s" folder (clock.Elapsed - before).TotalSeconds
            folder, clock.Elapsed - before
        | _, output -> failwith $"the tests of {folder} fail without a mutant:\n{output}")
    |> Map.ofList

/// What became of the mutants so far, in the form of the other figures of tests/Torture.
let figuresOf (results: (Mutation * string) list) =
    let survivors = results |> List.filter (fun (_, how) -> how = "survived")
    let killed = results.Length - survivors.Length
    let low, high = wilson killed results.Length
    let rounded (x: float) = JsonValue.Create(Math.Round(x, 4))

    let places =
        survivors
        |> List.map (fun (m, _) -> JsonValue.Create $"{m.File}:{m.Line}: {m.What}" :> JsonNode)
        |> Array.ofList

    JsonObject(
        dict [
            "folders", JsonValue.Create(String.concat ", " folders) :> JsonNode
            "places", JsonValue.Create all.Length
            "mutants", JsonValue.Create results.Length
            "killed", JsonValue.Create killed
            "ofThemByTime",
            JsonValue.Create(results |> List.filter (fun (_, how) -> how = "time") |> List.length)
            "share", rounded (float killed / float results.Length)
            "low", rounded low
            "high", rounded high
            "commit", JsonValue.Create commit
            "survivors", JsonArray places
        ]
    )

let cpu =
    let facts = "/proc/cpuinfo"

    if File.Exists facts then
        File.ReadLines facts
        |> Seq.tryFind _.StartsWith("model name", StringComparison.Ordinal)
        |> Option.map (fun line -> line.Substring(line.IndexOf ':' + 1).Trim())
        |> Option.defaultValue "unknown"
    else
        "unknown"

/// Writes the figures and the command that gives the same sample.
let say (results: (Mutation * string) list) =
    let options =
        JsonSerializerOptions(
            WriteIndented = true,
            Encoder = Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        )

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
            .ToJsonString
            options

    match option "--out" "" with
    | "" -> ()
    | path -> File.WriteAllText(path, text + "\n")

    text

let results =
    (([], chosen)
     ||> List.fold (fun done' (k, m) ->
         if clock.Elapsed.TotalMinutes >= minutes then
             done'
         else
             let folder = m.File.Split('/')[1]
             let patience = usual[folder] * 10.0 + TimeSpan.FromMinutes 2.0

             // A run that was cut off may end with 0 too.
             let notices patience filter =
                 match tests copy k patience filter with
                 | 0, output when output.Contains "Passed!" -> None
                 | 0, output -> failwith $"the tests did not run to their end:\n{output}"
                 | -1, _ -> Some "time"
                 | _ -> Some "test"

             let how =
                 notices patience (filterOf folder)
                 |> Option.orElseWith (fun () -> notices long (others folder))
                 |> Option.defaultValue "survived"

             printfn "%d %s %s:%d %s" k how m.File m.Line m.What
             let now = done' @ [ (m, how) ]
             say now |> ignore
             now))

printfn "%s" (say results)
