using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Runs;

namespace Repro.Engine.Tests.Runs;

/// <summary>The time left against a simulated pool whose true times are known.</summary>
public sealed class WorkForecastTests
{
    [Test]
    public void Rates_of_two_kinds_give_the_time_left_of_a_mixed_pool_within_a_tenth()
    {
        // Kind "slow" takes 100 times longer for the same estimated cost: going by cost alone,
        // a pool would be nearly done for most of its time.
        Kinds kinds = new(("slow", 1.0), ("quick", 0.01));
        (string Kind, double Cost)[] plan =
            [("slow", 100), ("slow", 80), ("quick", 5000), ("quick", 4000), ("quick", 3000)];
        Simulation simulation = new(plan, kinds, kinds.Learnt(), workers: 2);
        foreach ((double left, double truth, double _) in simulation.Run())
        {
            Assert.That(left, Is.EqualTo(truth).Within(0.1 * simulation.Total));
        }
    }

    [Test]
    public void On_another_machine_the_time_left_is_right_once_a_run_has_gone_some_seconds()
    {
        Kinds there = new(("slow", 1.0), ("quick", 0.01));
        Kinds here = new(("slow", 3.0), ("quick", 0.03));
        Simulation simulation = new(
            [("slow", 100), ("slow", 80), ("quick", 5000), ("quick", 4000)], here,
            there.Learnt(), workers: 2);
        foreach ((double left, double truth, double now) in simulation.Run())
        {
            if (now > 10)
            {
                Assert.That(left, Is.EqualTo(truth).Within(0.1 * simulation.Total), $"{now} s");
            }
        }
    }

    [Test]
    public void The_percentage_is_a_share_of_the_work_and_never_falls()
    {
        Kinds kinds = new(("slow", 1.0), ("quick", 0.01));
        Simulation simulation = new(
            [("slow", 100), ("quick", 5000), ("quick", 2000)], kinds, kinds.Learnt(), workers: 1);
        double before = 0;
        foreach ((double _, double truth, double now) in simulation.Run())
        {
            double fraction = simulation.Forecast.Fraction;
            Assert.That(fraction, Is.GreaterThanOrEqualTo(before));
            Assert.That(fraction, Is.EqualTo(now / (now + truth)).Within(0.05));
            before = fraction;
        }
        Assert.That(before, Is.EqualTo(1));
    }

    [Test]
    public void What_the_stores_had_is_no_work()
    {
        Kinds kinds = new(("slow", 1.0));
        IRunnable[] runs = [kinds.Make("slow", 900), kinds.Make("slow", 100)];
        WorkForecast forecast = new(
            runs.Select((r, i) => ($"{i}", r)), kinds.Learnt(), workers: 1);
        forecast.End("0", 0);
        Assert.That(forecast.Fraction, Is.Zero);
        Assert.That(forecast.SecondsLeft(0), Is.EqualTo(100).Within(1e-9));
    }

    [Test]
    public void Without_any_rate_there_is_no_time_left_to_tell_and_then_the_sittings_own()
    {
        Kinds kinds = new(("slow", 0.5));
        WorkForecast forecast = new(
            [("0", kinds.Make("slow", 100)), ("1", kinds.Make("slow", 100))], new RunRates(), 1);
        Assert.That(forecast.SecondsLeft(0), Is.Null);
        forecast.Start("0", 0);
        forecast.Advance("0", 0.0, 0);
        forecast.Advance("0", 0.5, 25);
        Assert.That(forecast.SecondsLeft(25), Is.EqualTo(75).Within(1e-9));
    }

    [Test]
    public void A_run_that_may_stop_early_is_expected_to_take_what_its_like_took()
    {
        // Two of three succeeded at a quarter and a half of the budget.
        RunForecast forecast = new("kind", 100, [0.25, 0.5, 1]);
        Assert.That(forecast.Seconds, Is.EqualTo(100 * (0.25 + 0.5 + 1) / 3).Within(1e-9));
        Assert.That(forecast.ShareAfter(0.3), Is.EqualTo(0.75).Within(1e-9));
        Assert.That(forecast.ShareAfter(0.6), Is.EqualTo(1));
    }

    [Test]
    public void A_kind_never_run_is_judged_by_its_broader_kind()
    {
        RunRates rates = new();
        IRunnable small = Training("addition", "simple", 50);
        rates.Add(small, RunRecord.Of(small, Ended(1000)), 40);
        Assert.That(rates.Of(small)!.Seconds, Is.EqualTo(40).Within(1e-9));
        RunForecast other = rates.Of(Training("order", "simple", 100))!;
        Assert.That(other.Seconds, Is.EqualTo(40).Within(1e-9), "the same cost");
        Assert.That(other.Kind, Is.Not.EqualTo(rates.Of(small)!.Kind));
        Assert.That(new RunRates().Of(small), Is.Null);
    }

    [Test]
    public void A_run_that_used_half_its_budget_says_so_of_the_next()
    {
        RunRates rates = new();
        IRunnable run = Training("addition", "simple", 50);
        rates.Add(run, RunRecord.Of(run, Ended(500)), 40);
        RunForecast forecast = rates.Of(run)!;
        Assert.That(forecast.WholeSeconds, Is.EqualTo(80).Within(1e-9));
        Assert.That(forecast.Seconds, Is.EqualTo(40).Within(1e-9));
    }

    [Test]
    public void A_run_that_had_to_share_its_core_does_not_spoil_the_forecast_of_the_others()
    {
        RunRates rates = new();
        IRunnable run = Training("addition", "simple", 50);
        foreach (double seconds in (double[])[41, 9_000, 40])
        {
            rates.Add(run, RunRecord.Of(run, Ended(1000)), seconds);
        }
        Assert.That(rates.Of(run)!.Seconds, Is.EqualTo(41).Within(1e-9));
    }

    [Test]
    public void A_run_stopped_at_once_says_less_of_the_next_than_one_that_ran_to_its_end()
    {
        RunRates rates = new();
        IRunnable run = Training("addition", "simple", 50);
        rates.Add(run, RunRecord.Of(run, Ended(1000)), 40);
        rates.Add(run, RunRecord.Of(run, Ended(1)), 3);
        rates.Add(run, RunRecord.Of(run, Ended(1)), 3);
        Assert.That(rates.Of(run)!.WholeSeconds, Is.EqualTo(40).Within(1e-9));
    }

    [Test]
    public void The_share_of_a_budget_is_learnt_from_budgets_of_like_size()
    {
        RunRates rates = new();
        IRunnable brief = Training("addition", "simple", 50, updates: 1_000);
        IRunnable full = Training("addition", "simple", 50, updates: 50_000);
        rates.Add(brief, RunRecord.Of(brief, Ended(1_000)), 40);
        rates.Add(brief, RunRecord.Of(brief, Ended(900)), 36);
        rates.Add(full, RunRecord.Of(full, Ended(10_000)), 400);

        Assert.That(rates.Of(brief)!.Shares, Is.EqualTo(new[] { 0.9, 1 }));
        Assert.That(rates.Of(full)!.Shares, Is.EqualTo(new[] { 0.2 }));
        Assert.That(
            rates.Of(Training("addition", "simple", 50, updates: 10_000_000))!.Shares,
            Is.EqualTo(new[] { 0.2, 0.9, 1 }), "none is of like size");
    }

    [Test]
    public void A_run_that_no_rule_ends_early_is_expected_to_use_its_budget_up()
    {
        RunRates rates = new();
        IRunnable order = Training("order", "simple", 50, rules: Success);
        rates.Add(order, RunRecord.Of(order, Ended(100)), 4);

        RunForecast text = rates.Of(Training("text", "simple", 500))!;
        Assert.That(text.WholeSeconds, Is.EqualTo(40).Within(1e-9));
        Assert.That(text.Seconds, Is.EqualTo(text.WholeSeconds));
        Assert.That(
            rates.Of(Training("addition", "simple", 50, rules: Success))!.Seconds,
            Is.EqualTo(4).Within(1e-9), "the same rule may end it");
    }

    [Test]
    public void Runs_of_the_own_kind_that_diverged_tell_of_one_that_no_rule_ends()
    {
        RunRates rates = new();
        IRunnable run = Training("addition", "simple", 50);
        rates.Add(run, RunRecord.Of(run, Ended(100)), 4);
        IRunnable other = Training("order", "simple", 50, rules: Success);
        rates.Add(other, RunRecord.Of(other, Ended(500)), 20);
        Assert.That(rates.Of(run)!.Shares, Is.EqualTo(new[] { 0.1 }));
    }

    [Test]
    public void The_share_of_a_budget_in_sequences_or_operations_is_counted_in_them()
    {
        foreach ((string limit, double spent) in ((string, double)[])
            [("sequences", 5e6), ("operations", 5e12)])
        {
            RunRates rates = new();
            IRunnable run = Training(
                "addition", "simple", 50,
                rules: ("budget", new JsonObject { [limit] = spent * 4 }));
            RunResult result = Ended(3) with
            {
                Metrics = new Dictionary<string, double> { [limit] = spent },
            };
            rates.Add(run, RunRecord.Of(run, result), 40);
            RunForecast forecast = rates.Of(run)!;
            Assert.That(forecast.WholeSeconds, Is.EqualTo(160).Within(1e-9), limit);
            Assert.That(forecast.Shares, Is.EqualTo(new[] { 0.25 }), limit);
        }
    }

    private static (string, JsonNode) Success => ("success", new JsonObject
    {
        ["wrong"] = 1,
        ["sequences"] = 100,
        ["every"] = 10,
    });

    private static RunResult Ended(long updates) => new(
        Outcomes.Completed, new Dictionary<string, double>(), new Dictionary<string, Curve>(), "",
        updates);

    private static FakeRun Training(
        string task, string cell, int hidden, long updates = 1_000,
        params (string Name, JsonNode Settings)[] rules) => new(1)
        {
            EstimatedCost = 1e3 * updates,
            Spec = new JsonObject
            {
                ["kind"] = "training",
                ["task"] = new JsonObject { ["name"] = task },
                ["network"] = new JsonObject { ["cell"] = cell, ["hidden"] = hidden },
                ["training"] = new JsonObject(
                    rules.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Name, r.Settings)))
                {
                    ["updates"] = updates,
                    ["batch"] = 1,
                },
            },
        };

    /// <summary>Kinds of run with their true seconds for a unit of cost.</summary>
    private sealed class Kinds(params (string Name, double Rate)[] kinds)
    {
        public double RateOf(string kind) => kinds.Single(k => k.Name == kind).Rate;

        public IRunnable Make(string kind, double cost) => new FakeRun(1)
        {
            EstimatedCost = cost,
            Spec = new JsonObject { ["kind"] = kind, ["cost"] = cost },
        };

        public RunRates Learnt()
        {
            RunRates rates = new();
            foreach ((string kind, double rate) in kinds)
            {
                IRunnable run = Make(kind, 10);
                rates.Add(run, RunRecord.Of(run, Ended(0)), 10 * rate);
            }
            return rates;
        }
    }

    /// <summary>A pool in simulated time, a step a second: each run reports each second.</summary>
    private sealed class Simulation
    {
        private const double Step = 1;
        private readonly double[] seconds;
        private readonly int workers;

        public Simulation(
            (string Kind, double Cost)[] plan, Kinds truth, RunRates rates, int workers)
        {
            this.workers = workers;
            seconds = [.. plan.Select(p => p.Cost * truth.RateOf(p.Kind))];
            Forecast = new WorkForecast(
                plan.Select((p, i) => ($"{i}", truth.Make(p.Kind, p.Cost))), rates, workers);
            Total = Left([], 0);
        }

        public WorkForecast Forecast { get; }

        public double Total { get; }

        public IEnumerable<(double Left, double Truth, double Now)> Run()
        {
            Dictionary<int, double> begun = [];
            HashSet<int> ended = [];
            for (double now = 0; ended.Count < seconds.Length; now += Step)
            {
                for (int i = 0; i < seconds.Length; i++)
                {
                    if (begun.TryGetValue(i, out double start) && !ended.Contains(i))
                    {
                        Forecast.Advance($"{i}", Math.Min(1, (now - start) / seconds[i]), now);
                        if (now - start >= seconds[i])
                        {
                            Forecast.End($"{i}", now);
                            ended.Add(i);
                        }
                    }
                }
                for (int i = 0; i < seconds.Length && begun.Count - ended.Count < workers; i++)
                {
                    if (begun.TryAdd(i, now))
                    {
                        Forecast.Start($"{i}", now);
                        Forecast.Advance($"{i}", 0, now);
                    }
                }
                yield return (Forecast.SecondsLeft(now) ?? double.NaN, Left(begun, now), now);
            }
        }

        private double Left(Dictionary<int, double> begun, double now)
        {
            List<double> free = [.. begun.Select(b => b.Value + seconds[b.Key] - now)
                .Where(left => left > 0)];
            while (free.Count < workers)
            {
                free.Add(0);
            }
            for (int i = 0; i < seconds.Length; i++)
            {
                if (!begun.ContainsKey(i))
                {
                    int first = free.IndexOf(free.Min());
                    free[first] += seconds[i];
                }
            }
            return free.Max();
        }
    }
}
