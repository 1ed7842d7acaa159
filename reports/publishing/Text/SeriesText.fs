namespace Repro.Reports

open System.Text.RegularExpressions

/// Names of series as a reader sees them. Files, ids and anchors keep the names themselves.
[<RequireQualifiedAccess>]
module SeriesText =
    /// A network or a data set, a stroke, and a method: "smart-tanh/MSGD-C".
    let private pair =
        Regex(@"(?<![\w/.-])([A-Za-z][\w.-]*)/(M?SGD(?:[-+]CR?)?)(?![\w/-])")

    let private steps = Regex(@"^PTB-(\d+)-step$")
    let private words = Regex(@"^[a-z]+(-[a-z]+)+$")

    let private first (name: string) =
        match steps.Match name with
        | m when m.Success ->
            let n = m.Groups[1].Value
            sprintf "PTB %s %s" n (if n = "1" then "step" else "steps")
        | _ when words.IsMatch name -> name.Replace('-', ' ')
        | _ -> name

    let private replaced (between: string) (text: string) =
        pair.Replace(text, fun m -> first m.Groups[1].Value + between + m.Groups[2].Value)

    /// A name that stands alone, in a cell or over a panel: "smart-tanh/MSGD-C" is "smart tanh,
    /// MSGD-C", and the data set "PTB-5-step" is "PTB 5 steps".
    let name (text: string) : string =
        if steps.IsMatch text then
            first text
        else
            replaced ", " text

    /// Names within a sentence: "smart tanh with MSGD-C".
    let inSentence (text: string) : string = replaced " with " text
