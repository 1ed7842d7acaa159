using NUnit.Framework;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Runs.Theory;

namespace Repro.Engine.Tests.Dynamics;

/// <summary>
/// Records of small runs, pinned: whoever changes what they compute has to raise their version.
/// The same bytes are expected of every processor.
/// </summary>
public sealed class DynamicsGoldenTests
{
    private static IEnumerable<TestCaseData> Runs()
    {
        static TestCaseData Case(ComputedRun run, string hash) =>
            new TestCaseData(run, hash).SetArgDisplayNames(run.Label);
        double[,] nonNormal = { { .9, 3 }, { 0, .9 } };
        yield return Case(
            new BifurcationRun(5, -3.15, -1.85, 4),
            "0b4405806eba6c597724f062b3ddee73822286b76af0670c98a6d2cf6685e089");
        yield return Case(
            new UnitOrbitRun(5, -2.68, .9, 60),
            "8f014a83b9828d769cebea6a84f7241277dec5ea6b0034d332c90ca0dd33c6cd");
        yield return Case(
            new SurfacePointRun(5, -2.612),
            "9ac78d915ed3f5d7f98cc18d2bafa8eb58224e4e97aa25cd0f0aee34fef8c022");
        yield return Case(
            new SurfaceGridRun(new Spacing(4.6, 5.4, 2), new Spacing(-2.8, -2, 4)),
            "b7966b9586dca338f9e39d7d7d0d8031c2c3fb47398643fb80fa7f792ed3cdeb");
        yield return Case(
            new WallRun(new Spacing(4.6, 5.4, 2), -3.4, -1.6),
            "2b574558a822b902d711d966ee4afc278bc9a85029dea4cf7a610e50bd133065");
        yield return Case(
            new CutRun(5, new Spacing(-2.8, -2, 8), .05),
            "d0af1d283cae6a529de6472244937de4fc4bb248cffd1ee63a1fcdb1326fd0b5");
        yield return Case(
            new DescentRun(5.1, -2.5, new Descent(.03, 1), 150),
            "0b4c24c361238c625d49da41d0ce81cc31c042525400513b38ed107150f0be86");
        yield return Case(
            new StateOrbitRun(
                new double[,] { { 7, 0 }, { 0, 4 } }, [-3.5, -1.8], new double[,] { { 1 }, { .1 } },
                [[.27], [-.06]], [-.08, -1.7]),
            "ec678ee49e79080fe369141487dea04e241aa4c6dde1115fae80c32ca20669e1");
        yield return Case(
            new MatrixPowersRun(nonNormal, 12),
            "a7fcff9a318ca995743a0ab50ac1a4a2ce6de7ad396b66d8f722d5e18d4e9f01");
        yield return Case(
            new GradientDecayRun(Activation.Tanh, .3, 6, 8, 3, 1),
            "5b32cc243b24a630cf97401c5822750cc3ae6d1122b53bfbd4709a0cd534f2c4");
        yield return Case(
            new TrainedDecayRun("basic tanh", .1, 4, 12, [0, 30], 1),
            "da17b69420f21bd2f25cb9061d1fe9606b54e027a8ac0e990c25ce148e8e6ca8");
        yield return Case(
            new RectifierPlaneRun(1, .8, [[.15, .9], [.5, .95]], 10, [.8, -.6]),
            "04085817a4fbeb6249c008038554fc3cb766fefeef4d72c76f6b1f61ff6419d7");
        yield return Case(
            new NetworkGraphRun(
                new NetworkSpec(2, 3, 1, Activation.Relu), Variant.Named("np-RNN"), 0, 2, 3),
            "3e1a7bfbdcc4a09e2255499ad61ac51e2514112d228c8fdd38c5eea0eddeb957");
    }

    [TestCaseSource(nameof(Runs))]
    public void A_runs_record_is_the_one_that_was_pinned(ComputedRun run, string hash)
    {
        byte[] record = RunRecord.Of(run, run.Execute(new NoContext())).CanonicalBytes();
        Assert.That(CanonicalJson.Sha256Hex(record), Is.EqualTo(hash));
    }

    [TestCaseSource(nameof(Runs))]
    public void A_record_survives_its_file(ComputedRun run, string hash)
    {
        RunRecord record = RunRecord.Of(run, run.Execute(new NoContext()));
        RunRecord read = RunRecord.Parse(record.FileBytes());
        Assert.That(read.CanonicalBytes(), Is.EqualTo(record.CanonicalBytes()), hash);
    }

    private sealed class NoContext : IRunContext
    {
        public CancellationToken Cancellation => CancellationToken.None;

        public bool CheckpointDue => false;

        public byte[]? LoadCheckpoint(int layout) => null;

        public void SaveCheckpoint(int layout, ReadOnlySpan<byte> state) =>
            throw new InvalidOperationException("a computed run keeps no checkpoint");

        public void Report(double fraction, string message)
        {
        }
    }
}
