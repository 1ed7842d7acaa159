// How the time of an update grows with one size, around the addition shape.

module Growth

open System
open Plotly.NET
open Plotly.NET.StyleParam
open Repro.Reports
open Repro.Reports.Items
open Shapes

let private measure rounds (name: string) (sizes: int list) (make: int -> Shape) =
    let subjects = sizes |> List.map (fun size -> new Subject(make size))
    let times = subjects |> Timing.ofSubjects rounds
    name, List.zip (List.map float sizes) times

/// Milliseconds against steps, batch and hidden size, by the letter of the size.
let measureAll rounds = [
    measure rounds "T" [ 100; 200; 400; 800; 1600 ] (fun t -> addition 20 t 100)
    measure rounds "B" [ 1; 4; 10; 20; 40; 80; 160 ] (fun b -> addition b 300 100)
    measure rounds "H" [ 32; 64; 128; 256; 512 ] (fun h -> addition 20 300 h)
]

let table (curves: (string * (float * float) list) list) =
    let row (name: string, points: (float * float) list) =
        let times =
            points
            |> List.map (fun (x, y) -> $"{Number.significant 4 x}: {Number.significant 3 y}")

        [
            Cell.text name
            Cell.text (String.Join(", ", times))
            Cell.number 2 (Timing.slope points)
        ]

    Table.create [ "Size"; "Size: ms an update"; "Slope" ] (curves |> List.map row)

let figure curves : Figure =
    let lines = [
        for name: string, points: (float * float) list in curves ->
            Chart.Line(points, ShowMarkers = true, Name = name)
    ]

    {
        Id = "growth"
        Caption =
            "Time of an update against one size, the others fixed at H = 100, B = 20, T = 300."
        Chart =
            Chart.combine lines
            |> Chart.withXAxisStyle (TitleText = "size", AxisType = AxisType.Log)
            |> Chart.withYAxisStyle (TitleText = "milliseconds", AxisType = AxisType.Log)
            |> Chart.withAltText "Three lines on logarithmic axes, rising with the size"
        Note = ""
    }
