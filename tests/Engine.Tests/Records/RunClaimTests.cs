using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>Which machine makes a run, where several share a folder.</summary>
public sealed class RunClaimTests
{
    private const string Id = "run";
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    private string Claims => folder["claims"];

    [Test]
    public void A_claimed_run_is_no_one_elses_until_it_is_given_free()
    {
        using (RunClaim? first = RunClaim.TryTake(Claims, Id, "a", Long))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(RunClaim.TryTake(Claims, Id, "b", Long), Is.Null);
            using RunClaim? other = RunClaim.TryTake(Claims, "other", "b", Long);
            Assert.That(other, Is.Not.Null);
        }
        Assert.That(Directory.GetFiles(Claims), Is.Empty);
        using RunClaim? second = RunClaim.TryTake(Claims, Id, "b", Long);
        Assert.That(second, Is.Not.Null);
    }

    [Test]
    public void Of_many_that_want_a_run_at_once_one_gets_it()
    {
        for (int round = 0; round < 50; round++)
        {
            string id = $"{Id}{round}";
            RunClaim?[] claims = new RunClaim?[8];
            Parallel.For(
                0, claims.Length,
                n => claims[n] = RunClaim.TryTake(Claims, id, $"owner {n}", Long));
            Assert.That(claims.Count(c => c is not null), Is.EqualTo(1));
            foreach (RunClaim? claim in claims)
            {
                claim?.Dispose();
            }
        }
    }

    [Test]
    public void A_claim_of_a_killed_process_is_taken_over_when_it_is_old()
    {
        LeaveBehind("gone", DateTime.UtcNow);
        Assert.That(RunClaim.TryTake(Claims, Id, "b", Long), Is.Null);
        LeaveBehind("gone", DateTime.UtcNow - Long - Long);
        using (RunClaim? taken = RunClaim.TryTake(Claims, Id, "b", Long))
        {
            Assert.That(taken, Is.Not.Null);
            Assert.That(RunClaim.TryTake(Claims, Id, "c", Long), Is.Null);
        }
        Assert.That(Directory.GetFiles(Claims), Is.Empty);
    }

    [Test]
    public void A_job_that_was_started_again_takes_its_own_claim_at_once()
    {
        LeaveBehind("job 12", DateTime.UtcNow);
        using RunClaim? again = RunClaim.TryTake(Claims, Id, "job 12", Long);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void A_claim_at_work_is_renewed_and_does_not_grow_old()
    {
        using RunClaim held = RunClaim.TryTake(Claims, Id, "a", Short)!;
        string path = RunClaim.PathOf(Claims, Id, 1);
        DateTime old = DateTime.UtcNow - Long;
        File.SetLastWriteTimeUtc(path, old);
        Assert.That(
            () => File.GetLastWriteTimeUtc(path), Is.GreaterThan(old).After(20_000, 10));
        Assert.That(held.Lost.IsCancellationRequested, Is.False);
    }

    [Test]
    public void A_process_that_was_frozen_for_long_learns_that_its_run_is_anothers()
    {
        using RunClaim frozen = RunClaim.TryTake(Claims, Id, "a", Short)!;
        File.WriteAllText(RunClaim.PathOf(Claims, Id, 2), "b\n");
        Assert.That(() => frozen.Lost.IsCancellationRequested, Is.True.After(20_000, 10));
        frozen.Dispose();
        Assert.That(
            File.Exists(RunClaim.PathOf(Claims, Id, 2)), "what is another's is left alone");
    }

    [Test]
    public void Claims_of_owners_that_are_known_to_have_ended_are_forgotten_and_no_others()
    {
        LeaveBehind("job 12", DateTime.UtcNow);
        using RunClaim other = RunClaim.TryTake(Claims, "other", "job 13", Long)!;
        RunClaim.Forget(Claims, owner => owner == "job 12");
        Assert.That(
            Directory.GetFiles(Claims), Is.EqualTo(new[] { RunClaim.PathOf(Claims, "other", 1) }));
        RunClaim.Forget(folder["no such folder"], _ => true);
    }

    [Test]
    public void A_claim_where_no_file_can_be_is_an_error_that_names_it()
    {
        File.WriteAllText(folder["file"], "");
        string claims = folder[Path.Combine("file", "claims")];
        Assert.That(
            () => RunClaim.TryTake(claims, Id, "a", Long),
            Throws.TypeOf<StoreException>().With.Message.Contains(claims));
    }

    private void LeaveBehind(string owner, DateTime renewed)
    {
        Directory.CreateDirectory(Claims);
        string path = RunClaim.PathOf(Claims, Id, 1);
        File.WriteAllText(path, owner + "\n");
        File.SetLastWriteTimeUtc(path, renewed);
    }
}
