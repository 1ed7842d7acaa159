(**
# Is a recorded run what it says?

Makes a recorded run anew, from nothing, and compares every byte of its result with the record:
outcome, scores, curves and the hash of the final weights. It says "identical", or between which
updates the two part. A record holds points of curves and no weights in between, so an update cannot
be told more closely than the distance of two points.

    dotnet fsi scripts/verify.fsx 06315173600c
    dotnet fsi scripts/verify.fsx talathi-fig3/readings/np-RNN/element/1
    dotnet fsi scripts/verify.fsx --sample 5 --under 60
    dotnet fsi scripts/verify.fsx --sample 5 --under 60 --attest
    dotnet fsi scripts/verify.fsx --all --under 60
    dotnet fsi scripts/verify.fsx --protocols

With `--attest` it adds this machine and the runs that were equal to `paper-figures/attestations`,
which the site's page *Trust* shows. With `--protocols` it makes nothing and asks git whether each
protocol was committed before its runs.

Each row of *Runs* on a page shows the command for its run and the time it took.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"
#load "shared/items.fsx"

open Repro.Reports.Items

exit (Verification.command Prelude.root Items.all Prelude.arguments)
