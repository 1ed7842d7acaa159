(**
# Music and text: clipping and the regulariser on natural data

Table 1 of Pascanu, Mikolov and Bengio compares plain stochastic gradient descent (MSGD) with
clipping of the gradient's norm (MSGD+C) and clipping with the vanishing-gradient regulariser
(MSGD+CR) on three sets of polyphonic music and on the characters of the Penn Treebank, predicted
one and five steps ahead. Music is measured in nats a frame, the sum over 88 keys; text in bits a
character.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

One run a data set, method and seed. A part is a data set (piano, nottingham, muse, jsb, ptb-1,
ptb-5), and `--part piano/1` runs its first seed, every method. The state that is tested is the one
of the epoch with the lowest validation loss; test data are read once, at the end of a run.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let groups = NaturalPages.groups finished

    {
        Claim =
            "<p>Table 1 claims that clipping lowers the test loss of every set, that the \
             regulariser lowers it further, and that a plain recurrent network trained by \
             MSGD+CR is as good as the best recurrent networks of the time. Training losses fall \
             as well: what improves is optimisation.</p>"
        Summary = NaturalPages.summary profile groups
        Values = NaturalPages.rows context groups
        Orderings = Judging.orderings context.Protocol groups
        Figures = NaturalPages.figures profile finished
        Tables = NaturalPages.tables context profile groups finished
    }

let item: Item = {
    Id = "pascanu-table1"
    Script = "scripts/pascanu-table1.fsx"
    Needs = [ Catalogue.PolyMusic; Catalogue.Ptb ]
    Plan = NaturalRuns.plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
