namespace Repro.Reports.Tests

open System.IO
open System.Text.RegularExpressions
open NUnit.Framework
open Repro.Reports

/// Which part of the reports may know which.
[<TestFixture>]
module LayersTests =
    let private items = lazy (Path.Combine(Samples.root.Value, "reports", "items"))

    let private isFamily (folder: string) =
        not (List.contains folder [ "Common"; "bin"; "obj" ])

    let private families () =
        Directory.GetDirectories items.Value
        |> Array.map Path.GetFileName
        |> Array.filter isFamily
        |> List.ofArray

    /// A folder's files by name, each without its comments.
    let private sources (folder: string) = [
        for path in Directory.GetFiles(Path.Combine(items.Value, folder), "*.fs") ->
            Path.GetFileName path, Regex.Replace(File.ReadAllText path, "//.*", "")
    ]

    /// Modules and types that a folder's files declare.
    let private declared (folder: string) = [
        for _, text in sources folder do
            for m in
                Regex.Matches(
                    text,
                    @"^(?:module|type) (?:internal |private )?(\w+)",
                    RegexOptions.Multiline
                ) do
                m.Groups[1].Value
    ]

    let private uses (folder: string) (names: string list) = [
        for file, text in sources folder do
            for name in names do
                if Regex.IsMatch(text, @"(?<![\w.])" + name + @"\b(?! *=)") then
                    $"{folder}/{file} uses {name}"
    ]

    [<Test>]
    let ``The publishing assembly knows no other of ours`` () =
        let ours =
            typeof<Badge>.Assembly.GetReferencedAssemblies()
            |> Array.map (fun a -> string a.Name)
            |> Array.filter _.StartsWith("Repro")

        Assert.That(ours, Is.Empty)

    [<Test>]
    let ``What all items share knows no family`` () =
        Assert.That(families (), Has.Length.GreaterThan 1)
        Assert.That(declared "Common", Does.Contain "Judging")
        Assert.That(families () |> List.collect (declared >> uses "Common"), Is.Empty)

    [<Test>]
    let ``A family knows no other family`` () =
        let wrong = [
            for mine in families () do
                for other in families () do
                    if mine <> other then
                        yield! uses mine (declared other)
        ]

        Assert.That(wrong, Is.Empty)

    [<Test>]
    let ``A use within a folder is found`` () =
        Assert.That(uses "Order" (declared "Order"), Is.Not.Empty)
