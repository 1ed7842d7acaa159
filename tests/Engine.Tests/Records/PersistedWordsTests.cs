using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Tests.Records;

/// <summary>The words that specs, notes, protocols and tables keep, spelt out once more: whoever
/// renames a member of an enumeration changes no word, and whoever changes a word changes ids.
/// </summary>
public sealed class PersistedWordsTests
{
    private static IEnumerable<TestCaseData> Enumerations()
    {
        static TestCaseData Case<T>(Func<T, string> word, params string[] words)
            where T : struct, Enum
        {
            Dictionary<string, Func<string>> said = Enum.GetValues<T>().ToDictionary(
                member => member.ToString(), member => (Func<string>)(() => word(member)));
            Func<string> beyond = () => word((T)Enum.ToObject(typeof(T), 99));
            return new TestCaseData(said, beyond, words).SetArgDisplayNames(typeof(T).Name);
        }
        yield return Case<Activation>(v => v.Word(), "relu", "tanh", "sigmoid");
        yield return Case<InstructionSet>(
            v => v.Word(), "Scalar", "Vector128", "Avx2", "Avx512");
        yield return Case<MarkPlacement>(
            v => v.Word(), "Halves", "Anywhere", "FirstTenThenHalf");
        yield return Case<PairTarget>(v => v.Word(), "addition", "multiplication");
        yield return Case<PairSchedule>(v => v.Word(), "last", "repeated", "running");
        yield return Case<PixelScale>(v => v.Word(), "unit", "bytes");
        yield return Case<PairOperation>(
            v => v.Word(), "pascanu-addition", "pascanu-multiplication");
        yield return Case<TemporalOrder>(
            v => v.Word(), "temporal-order", "temporal-order-3bit");
        yield return Case<ProtocolSource>(v => v.Word(), "code", "text");
        yield return Case<LossPlacement>(RandomPermutationTask.PlacementWord, "last", "next");
        yield return Case<Waveform>(
            v => v.Word(), "swing", "on-grid", "off-grid", "overtones", "beat", "chirp");
        yield return Case<SparseSide>(v => v.Word(), "outgoing", "incoming");
        yield return Case<MusicCollection>(
            v => v.Word(), "JsbChorales", "Nottingham", "PianoMidi", "MuseData");
        yield return Case<RuleKind>(v => v.Word(), "prediction", "mean", "exact", "wilson");
        yield return Case<GateWeights>(v => v.Word(), "uniform", "normal");
        yield return Case<GruReset>(GruInitializer.WordOf, "before", "after");
        yield return Case<Profile>(v => v.Name(), "smoke", "quick", "paper");
        yield return Case<ClippingKind>(
            ClippingSpec.Word, "none", "norm", "elementwise", "message");
        yield return Case<StructuralForm>(v => v.Word(), "matched", "quarter", "post");
        yield return Case<Verdict>(
            v => v.Text(), "reproduced", "consistent", "mixed", "undecided", "not reproduced",
            "inconsistent", "substitute data", "no data", "not run");
    }

    [TestCaseSource(nameof(Enumerations))]
    public void Every_member_has_the_word_it_always_had(
        Dictionary<string, Func<string>> said, Func<string> beyond, string[] words)
    {
        Assert.That(said.Values.Select(word => word()), Is.EqualTo(words));
        Assert.That(
            () => beyond(), Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("99"));
    }

    [Test]
    public void A_profile_is_the_one_whose_word_is_read([Values] Profile profile) =>
        Assert.That(Profiles.Parse(profile.Name()), Is.EqualTo(profile));

    [Test]
    public void A_verdict_is_the_one_whose_word_is_read([Values] Verdict verdict) =>
        Assert.That(Verdicts.Parse(verdict.Text()), Is.EqualTo(verdict));
}
