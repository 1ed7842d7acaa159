// Every item, in the order of the index. A new one is loaded here and added to the list.

#load "build.fsx"
#load "prelude.fsx"
#load "../talathi-table1.fsx"
#load "../talathi-fig1.fsx"
#load "../talathi-fig2.fsx"
#load "../talathi-fig3.fsx"
#load "../talathi-fig4.fsx"
#load "../talathi-fig5.fsx"
#load "../talathi-table2.fsx"
#load "../talathi-fig6.fsx"
#load "../talathi-table3.fsx"
#load "../pascanu-fig1-2.fsx"
#load "../pascanu-fig3.fsx"
#load "../pascanu-fig4-5.fsx"
#load "../pascanu-fig6.fsx"
#load "../pascanu-jacobians.fsx"
#load "../pascanu-fig7.fsx"
#load "../pascanu-updates.fsx"
#load "../pascanu-random-length.fsx"
#load "../pascanu-supp-table1-addition.fsx"
#load "../pascanu-supp-table2-multiplication.fsx"
#load "../pascanu-supp-table3-temporal-order-3bit.fsx"
#load "../pascanu-supp-table4-random-permutation.fsx"
#load "../pascanu-supp-table5-memorisation.fsx"
#load "../pascanu-supp-fig1.fsx"
#load "../pascanu-algorithm1.fsx"
#load "../pascanu-table1.fsx"
#load "../clockwork.fsx"
#load "../rivals.fsx"

open Repro.Reports.Items

/// The items of both papers.
let all: Item list = [
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
    ``Pascanu-fig7``.item
    ``Pascanu-updates``.item
    ``Pascanu-random-length``.item
    ``Pascanu-supp-table1-addition``.item
    ``Pascanu-supp-table2-multiplication``.item
    ``Pascanu-supp-table3-temporal-order-3bit``.item
    ``Pascanu-supp-table4-random-permutation``.item
    ``Pascanu-supp-table5-memorisation``.item
    ``Pascanu-supp-fig1``.item
    ``Pascanu-algorithm1``.item
    ``Pascanu-table1``.item
    Clockwork.item
    Rivals.item
]
