namespace Repro.Reports.Items

open Repro.Engine.Experiments
open Repro.Reports

/// Figures and tables of a gradient's norm during a run.
module NormPages =
    let analyse (claim: string) (_: Context) (_: Profile) (_: Finished list) : Analysis = {
        Claim = claim
        Summary = ""
        Values = []
        Orderings = []
        Figures = []
        Tables = []
    }
