(**
# Every table and figure

Builds what is needed, trains what the stores lack, writes figures, tables and pages, and prints
the verdicts. Each item is a script of its own beside this one.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"
#load "talathi-table1.fsx"
#load "talathi-fig1.fsx"
#load "talathi-fig2.fsx"
#load "talathi-fig3.fsx"
#load "talathi-fig4.fsx"
#load "talathi-fig5.fsx"
#load "talathi-table2.fsx"
#load "talathi-fig6.fsx"
#load "talathi-table3.fsx"
#load "pascanu-fig1-2.fsx"
#load "pascanu-fig3.fsx"
#load "pascanu-fig4-5.fsx"
#load "pascanu-fig6.fsx"
#load "pascanu-jacobians.fsx"

open Repro.Reports.Items

let items = [
    ``Talathi-table1``.item
    ``Talathi-fig1``.item
    ``Talathi-fig2``.item
    ``Talathi-fig3``.item
    ``Talathi-fig4``.item
    ``Talathi-fig5``.item
    ``Talathi-table2``.item
    ``Talathi-fig6``.item
    ``Talathi-table3``.item
    ``Pascanu-fig1-2``.item
    ``Pascanu-fig3``.item
    ``Pascanu-fig4-5``.item
    ``Pascanu-fig6``.item
    ``Pascanu-jacobians``.item
]

exit (Runner.site Prelude.root items Prelude.arguments)
