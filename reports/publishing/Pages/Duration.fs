namespace Repro.Reports

open System

/// Times as pages say them.
[<RequireQualifiedAccess>]
module Duration =
    /// Seconds in words, such as "81 min"; "–" when they are not finite.
    let inWords (s: float) : string =
        if not (Double.IsFinite s) then
            "–"
        elif s < 0.1 then
            "< 0.1 s"
        elif s < 10.0 then
            Number.fixedPoint 1 s + " s"
        elif s < 120.0 then
            Number.fixedPoint 0 s + " s"
        elif s < 7200.0 then
            Number.fixedPoint 0 (s / 60.0) + " min"
        elif s < 360000.0 then
            Number.fixedPoint 1 (s / 3600.0) + " h"
        else
            Number.fixedPoint 0 (s / 3600.0) + " h"
