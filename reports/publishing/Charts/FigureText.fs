namespace Repro.Reports

open System.Text
open System.Text.Json.Nodes
open Plotly.NET
open Repro.Reports.Svg

/// A chart as text: the figure JSON of a page, and its static drawing.
[<RequireQualifiedAccess>]
module FigureText =
    /// Half of a surrogate pair stands for no letter, and JSON cannot be read with it.
    let private whole (text: string) =
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes text)

    // The template is most of a chart's text, and writing it takes a thousand times as long as the
    // rest. The chart keeps its own, for Plotly.NET's ways of showing it.
    let private withoutTemplate (chart: GenericChart) : GenericChart =
        let copy (layout: Plotly.NET.Layout) =
            let plain = Plotly.NET.Layout()

            for property in layout.GetProperties true do
                if property.Key <> "template" then
                    plain.SetProperty(property.Key, property.Value)

            plain

        GenericChart.mapLayout copy chart

    /// Plotly.NET's figure JSON without what it adds to every chart: its own template, for which
    /// pages have theirs, and its own size where the chart states none.
    let private plain (chart: GenericChart) : string =
        match withoutTemplate chart |> GenericChart.toJson |> whole |> JsonNode.Parse with
        | :? JsonObject as root ->
            root.Remove "config" |> ignore

            match root["layout"] with
            | :? JsonObject as layout ->
                let is (name: string) value =
                    match layout[name] with
                    | null -> false
                    | size -> string size = string value

                if is "width" Defaults.DefaultWidth && is "height" Defaults.DefaultHeight then
                    layout.Remove "width" |> ignore
                    layout.Remove "height" |> ignore
            | _ -> ()

            root.ToJsonString()
        | _ -> "{}"

    /// The figure as an SVG document, byte for byte the same for the same figure.
    let svg (chart: GenericChart) : string = plain chart |> Drawing.svg

    /// The same for a telephone's screen: as wide as one, its panels one below the other.
    let narrowSvg (chart: GenericChart) : string = plain chart |> Drawing.narrow

    /// The numbers that the figure shows, as CSV.
    let csv (chart: GenericChart) : string = plain chart |> FigureCsv.write

    /// The figure as plotly's `{"data": …, "layout": …}`, every panel, tick and colour placed
    /// where the static drawing has it; safe inside a script element.
    let json (chart: GenericChart) : string = plain chart |> Placement.place

/// The same as ends of a pipeline of charts.
[<AutoOpen>]
module ChartText =
    type Chart with

        /// `Chart.combine`, which refuses to draw no chart at all: a figure of runs that are not
        /// there is a frame without marks.
        static member overlay(charts: GenericChart list) : GenericChart =
            match charts with
            | [] -> MultiChart([], Layout(), Config(), DisplayOptions())
            | some -> Chart.combine some

        /// See `FigureText.svg`.
        static member toSvg(chart: GenericChart) : string = FigureText.svg chart

        /// See `FigureText.narrowSvg`.
        static member toNarrowSvg(chart: GenericChart) : string = FigureText.narrowSvg chart

        /// See `FigureText.csv`.
        static member toCsv(chart: GenericChart) : string = FigureText.csv chart

        /// See `FigureText.json`.
        static member toJson(chart: GenericChart) : string = FigureText.json chart
