namespace Repro.Reports.Items

open System
open System.CommandLine
open Repro.Engine.Records

/// Wrong use of a command: exit code 2.
exception UsageError of message: string

/// Arguments read by System.CommandLine. The sentences about wrong use are ours: they name the
/// option, what is right, and the nearest word.
module internal Arguments =
    /// What was given on a command line.
    type Parsed = {
        /// Options without a value that were given.
        Flags: Set<string>
        /// Values of an option in the order given, for those that were given.
        Values: Map<string, string list>
        /// What belongs to no option, in the order given.
        Words: string list
    }

    let private unknown (known: string list) (word: string) =
        let name = word.Split('=')[0]
        let all = String.Join(", ", known)

        match NearestWord.Of(name, known) with
        | null -> UsageError $"there is no option '{name}'; known are {all}"
        | near -> UsageError $"there is no option '{name}'; did you mean {near}? Known are {all}"

    let private needsValue (name: string) =
        UsageError $"{name} needs a value; see --help"

    /// Reads arguments. `flags` have no value, `valued` have one and may be repeated.
    /// Raises UsageError for an unknown option or a missing value.
    let parse (flags: string list) (valued: string list) (arguments: string list) : Parsed =
        let known = valued @ flags
        let command = Command "repro"
        command.TreatUnmatchedTokensAsErrors <- false

        let flagOptions = [
            for name in flags ->
                let option = Option<bool> name
                option.Arity <- ArgumentArity.Zero
                name, option
        ]

        let valueOptions = [
            for name in valued ->
                let option = Option<string[]> name
                // A missing value is found below, where its option can be named.
                option.Arity <- ArgumentArity.ZeroOrMore
                option.AllowMultipleArgumentsPerToken <- false
                name, option
        ]

        for _, option in flagOptions do
            command.Options.Add option

        for _, option in valueOptions do
            command.Options.Add option

        // An argument that begins with @ is not a file of arguments, and -ab is not -a -b.
        let settings =
            ParserConfiguration(ResponseFileTokenReplacer = null, EnablePosixBundling = false)

        let result = command.Parse(arguments, settings)

        let given name (option: Option<string[]>) =
            match result.GetResult option with
            | null -> None
            // An option that was not given may still have a result: its default.
            | found when found.Implicit -> None
            | found ->
                let values = [ for token in found.Tokens -> token.Value ]

                if values.Length < found.IdentifierTokenCount then
                    raise (needsValue name)

                match values |> List.tryFind _.StartsWith("--") with
                | Some value when List.contains (value.Split('=')[0]) known ->
                    raise (needsValue name)
                | Some value -> raise (unknown known value)
                | None -> Some(name, values)

        let values = valueOptions |> List.choose (fun (name, option) -> given name option)

        for word in result.UnmatchedTokens do
            if word.StartsWith '-' && not (List.contains word flags) then
                raise (unknown known word)

        match List.ofSeq result.Errors with
        | error :: _ -> raise (UsageError $"{error.Message.TrimEnd '.'}; see --help")
        | [] -> ()

        {
            Flags =
                set [
                    for name, option in flagOptions do
                        match result.GetResult option with
                        | null -> ()
                        | found when found.Implicit -> ()
                        | _ -> name
                ]
            Values = Map.ofList values
            Words = List.ofSeq result.UnmatchedTokens
        }

    /// The last value of an option.
    let tryLast (name: string) (parsed: Parsed) =
        parsed.Values |> Map.tryFind name |> Option.map List.last

    /// All values of an option.
    let all (name: string) (parsed: Parsed) =
        parsed.Values |> Map.tryFind name |> Option.defaultValue []

    /// A whole number of an option, from `least` to `most`.
    let whole (name: string) (least: int64) (most: int64) (text: string) =
        match
            Int64.TryParse(
                text,
                Globalization.NumberStyles.None,
                Globalization.CultureInfo.InvariantCulture
            )
        with
        | true, n when n >= least && n <= most -> n
        | _ ->
            let range = $"a whole number from {least} to {most} is needed"
            raise (UsageError $"{name} is '{text}'; {range}")
