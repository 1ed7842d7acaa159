namespace Repro.Reports.Items

open Repro.Engine.Experiments
open Repro.Reports

/// Figures and tables of the clipping threshold.
module ClippingPages =
    let analyse (claim: string) (_: Context) (_: Profile) (_: Finished list) : Analysis = {
        Claim = claim
        Summary = ""
        Values = []
        Orderings = []
        Figures = []
        Tables = []
    }
