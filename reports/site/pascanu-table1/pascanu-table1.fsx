(**
# Music and text: clipping and the regulariser on natural data

Table 1 of Pascanu, Mikolov and Bengio compares three methods on natural data: plain stochastic
gradient descent (MSGD), the same with the gradient's norm clipped (MSGD+C), and clipping with the
vanishing-gradient regulariser Ω (MSGD+CR). The data are three sets of polyphonic music and the
characters of the Penn Treebank, predicted one and five steps ahead. Losses are in nats for each
frame of music, summed over its 88 keys, and in bits for each character of text.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

There is one run for each data set, method and seed. A part of the plan is a data set (piano,
nottingham, muse, jsb, ptb-1, ptb-5), and `--part piano/1` runs its first seed with every method.
The network that is tested is that of the epoch with the lowest validation loss. Test data are read
once, at the end of a run.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let groups = NaturalPages.groups finished

    {
        Claim = NaturalSummary.claim context
        Summary = NaturalSummary.summary profile groups finished
        Values = NaturalPages.rows context groups
        Orderings = Judging.orderings context.Protocol groups
        Figures = NaturalPages.figures profile finished
        Tables = NaturalPages.tables context profile groups finished
    }

(**
## What was found

{{finding}} On Piano-midi.de the paper's test losses are {{paper Piano-midi.de/MSGD/test}}, {{paper
Piano-midi.de/MSGD+C/test}} and {{paper Piano-midi.de/MSGD+CR/test}} nats, in the order of the
methods. Ours are {{ours Piano-midi.de/MSGD/test}}, {{ours Piano-midi.de/MSGD+C/test}} and {{ours
Piano-midi.de/MSGD+CR/test}}. On text one step ahead the paper's are {{paper PTB-1-step/MSGD/test}},
{{paper PTB-1-step/MSGD+C/test}} and {{paper PTB-1-step/MSGD+CR/test}} bits per character; ours are
{{ours PTB-1-step/MSGD/test}}, {{ours PTB-1-step/MSGD+C/test}} and {{ours PTB-1-step/MSGD+CR/test}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-table1"
    Script = "scripts/pascanu-table1.fsx"
    Needs = [ Catalogue.PolyMusic; Catalogue.Ptb ]
    Plan = NaturalRuns.plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
