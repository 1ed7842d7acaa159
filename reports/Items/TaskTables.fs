namespace Repro.Reports.Items

open Repro.Engine.Experiments
open Repro.Reports

/// Figures and tables of the tables of one task, learnt at some lengths and tested at others.
module TaskTables =
    let analyse (claim: string) (_: Context) (_: Profile) (_: Finished list) : Analysis = {
        Claim = claim
        Summary = ""
        Values = []
        Orderings = []
        Figures = []
        Tables = []
    }
