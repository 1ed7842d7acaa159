namespace Repro.Reports.Items

open Repro.Engine.Experiments
open Repro.Reports

/// Figures and tables of networks trained on some lengths and tested on others.
module LengthPages =
    let summary (_: Profile) (_: Finished list) = ""
    let rows (_: Context) (_: Finished list) : ValueRow list = []
    let figures (_: Context) (_: Profile) (_: Finished list) : Figure list = []
    let tables (_: Profile) (_: Finished list) : (string * Table) list = []
