using Repro.Engine.Networks;
using Repro.Engine.Tasks;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training.Learners;

/// <summary>
/// A Hessian-free update: gradient, conjugate gradients on the damped Gauss–Newton matrix,
/// backtracking, damping, line search. It may pause, and be saved, between any two iterations
/// of conjugate gradients: the states that G is of are swept anew afterwards, from the same
/// weights and sequences.
/// Source: Martens 2010, Algorithm 1; see <see cref="HessianFree"/>.
/// </summary>
internal sealed class HessianFreeStep : Learner
{
    private readonly Trainer<float> trainer;
    private readonly HessianFree settings;
    private readonly SweptNetwork<float> network;
    private readonly GaussNewton<float> products;
    private readonly TrainingBatches<float>[] groups;
    private readonly HessianFreeCounts counts;
    private readonly double lossFactor;

    // θ of this update, p's last iterate, ∇f of all groups.
    private readonly float[] weights;
    private readonly double[] last;
    private readonly double[] gradient;
    private readonly double[] losses;
    private double[]? preconditioner;
    private ConjugateGradient? iterations;
    private bool keepsStates;
    private double lambda;
    private double ratio = double.NaN;
    private double length;

    /// <param name="trainer">The trainer of the run.</param>
    /// <param name="settings">Its optimiser.</param>
    /// <exception cref="ArgumentException">Network or task cannot be trained so.</exception>
    public HessianFreeStep(Trainer<float> trainer, HessianFree settings)
    {
        TrainingSpec spec = trainer.Spec;
        this.trainer = trainer;
        this.settings = settings;
        network = trainer.Network as SweptNetwork<float> ?? throw new ArgumentException(
            $"a Hessian-free update needs a network with tangents, and {trainer.Network} has "
            + "none; use another optimizer");
        if (settings.Structural?.Form.IsMatched() == true && !network.HasMatchedStates)
        {
            throw HessianFree.NotMatched(network.GetType().Name);
        }
        lossFactor = spec.LossFactor;
        lambda = settings.Damping;
        products = new GaussNewton<float>(
            network, lossFactor, settings.Structural?.Form ?? default, trainer.AfterGradient);
        groups =
        [
            .. Enumerable.Range(0, settings.GradientBatches).Select(_ => new TrainingBatches<float>(
                network.Spec, trainer.Task, spec.BatchSize, trainer.Seed,
                spec.Rule<ReplacementRule>() is not null)),
        ];
        counts = new HessianFreeCounts(network, trainer.Task.IsOneHot);
        int n = network.Layout.Length;
        weights = new float[n];
        last = new double[n];
        gradient = new double[n];
        losses = new double[groups.Length];
    }

    // Each iteration reads many sequences.
    public override bool IsSavePoint => true;

    public override Spending? Spent => counts.Spent;

    public override UpdateReport? Update(double rateFactor, Func<bool>? pause)
    {
        if (iterations is null)
        {
            Begin();
            double loss = MeanLoss();
            double norm = Math.Sqrt(DoubleVectors.Dot(gradient, gradient));
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
            {
                iterations = null;
                return new UpdateReport(loss, norm, false, false, false, null);
            }
        }
        else
        {
            Resume();
        }
        double structural = lambda * (settings.Structural?.Weight ?? 0);
        while (!iterations!.HasEnded)
        {
            iterations.Step((v, result) =>
            {
                products.Multiply(v, structural, result);
                DoubleVectors.Add(lambda, v, result);
                counts.AddProducts(CurvatureGroups);
            });
            if (!iterations.HasEnded && pause?.Invoke() == true)
            {
                return null;
            }
        }
        return End(trainer.Spec.RateAt(trainer.Updates) * rateFactor);
    }

    public override void AddTo(TrainingCurves curves)
    {
        counts.AddTo(curves);
        curves.Add(TrainingCurves.Damping, lambda);
        curves.Add(TrainingCurves.ReductionRatio, ratio);
        curves.Add(TrainingCurves.StepLength, length);
    }

    public override void AddScores(Action<string, double> add) => counts.AddScores(add);

    public override void Write(BinaryWriter writer)
    {
        counts.Write(writer);
        writer.Write(lambda);
        writer.Write(ratio);
        writer.Write(length);
        DoubleVectors.Write(writer, last);
        writer.Write(iterations is not null);
        if (iterations is not null)
        {
            DoubleVectors.Write(writer, gradient);
            DoubleVectors.Write(writer, losses);
            writer.Write(preconditioner is not null);
            DoubleVectors.Write(writer, preconditioner);
            iterations.Write(writer);
        }
    }

    public override void Read(BinaryReader reader)
    {
        counts.Read(reader);
        lambda = reader.ReadDouble();
        ratio = reader.ReadDouble();
        length = reader.ReadDouble();
        DoubleVectors.Read(reader, last);
        iterations = null;
        keepsStates = false;
        if (reader.ReadBoolean())
        {
            network.Parameters.CopyTo(weights);
            DoubleVectors.Read(reader, gradient);
            DoubleVectors.Read(reader, losses);
            preconditioner = reader.ReadBoolean() ? new double[last.Length] : null;
            DoubleVectors.Read(reader, preconditioner);
            iterations = NewIterations();
            iterations.Read(reader);
        }
    }

    public override void Dispose() => products.Dispose();

    private IEnumerable<Batch<float>> CurvatureGroups =>
        groups.Take(settings.CurvatureBatches).Select(g => g.Batch);

    private double MeanLoss() => MeanLoss(Groups(0, groups.Length));

    /// <summary>Gradient and kept states of an update's sequences.</summary>
    private void Begin()
    {
        network.Parameters.CopyTo(weights);
        Fill();
        preconditioner = settings.HasPreconditioner ? Diagonal() : null;
        products.Start(groups[0].Batch);
        gradient.AsSpan().Clear();
        for (int i = 0; i < groups.Length; i++)
        {
            bool keep = i < settings.CurvatureBatches;
            losses[i] = products.AddGradient(
                groups[i].Batch, keep, 1.0 / groups.Length, gradient);
            counts.AddGradient(groups[i].Batch);
        }
        keepsStates = true;
        DoubleVectors.Scale(settings.WarmStart, last);
        iterations = NewIterations();
    }

    /// <summary>What stands in the network and on the tapes, after a pause.</summary>
    private void Resume()
    {
        if (!keepsStates)
        {
            Fill();
        }
        products.Start(groups[0].Batch, keepsStates);
        if (!keepsStates)
        {
            foreach (Batch<float> batch in CurvatureGroups)
            {
                products.Keep(batch);
            }
            keepsStates = true;
        }
    }

    private void Fill()
    {
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i].Fill((trainer.Updates * groups.Length) + i);
        }
    }

    private ConjugateGradient NewIterations() => new(
        [.. gradient.Select(g => -g)], last, settings.Iterations, settings.Progress,
        preconditioner, settings.DropsWorseStart);

    private double[] Diagonal() => CasePreconditioner.Diagonal(
        products,
        Enumerable.Range(0, settings.CurvatureBatches)
            .SelectMany(i => groups[i].Singles((trainer.Updates * groups.Length) + i))
            .Select(counts.AddGradient),
        lambda, last.Length);

    /// <summary>From the iterates to the step, and to the next λ.</summary>
    private UpdateReport End(double longest)
    {
        UpdateReport report = new(
            MeanLoss(), Math.Sqrt(DoubleVectors.Dot(gradient, gradient)), false, true, false,
            null);
        int trials = settings.TrialBatches;
        int[] compared = Groups(settings.CurvatureBatches, trials);
        int[] searched = Groups(settings.CurvatureBatches + trials, trials);
        ConjugateGradient made = iterations!;
        (length, ratio) = (0, double.NaN);
        if (made.Kept.Count > 0)
        {
            int chosen = CgBacktracking.Choose(made.Kept, x => LossAt(compared, x, 1));
            double[] p = made.Kept[chosen].X;
            int[] measured = Groups(
                0, settings.RatioOfAllGroups ? groups.Length : settings.CurvatureBatches);
            // φ is the model with the gradient of all groups, as in the released program: with
            // that of the groups of G alone, noise in it would decide the model's sign.
            ratio = LevenbergMarquardt.Ratio(
                LossAt(measured, p, 1) - LossNow(measured), made.Kept[chosen].Value);
            length = LineSearch.Length(longest, by => LossAt(searched, p, by), LossNow(searched));
            Move(p, length);
        }
        lambda = LevenbergMarquardt.Next(lambda, ratio, settings.LeastDamping);
        made.X.CopyTo(last, 0);
        if (length == 0)
        {
            last.AsSpan().Clear();
        }
        (iterations, preconditioner, keepsStates) = (null, null, false);
        return report;
    }

    private int[] Groups(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => i % groups.Length)];

    private double MeanLoss(int[] of)
    {
        double sum = 0;
        foreach (int i in of)
        {
            sum += losses[i];
        }
        return sum / of.Length;
    }

    private double LossNow(int[] of) => lossFactor * MeanLoss(of);

    private double LossAt(int[] of, double[] step, double by)
    {
        Move(step, by);
        double loss = 0;
        foreach (int i in of)
        {
            loss += network.Evaluate(groups[i].Batch);
            counts.AddTrial(groups[i].Batch);
        }
        return lossFactor * (loss / of.Length);
    }

    /// <summary>θ + by·step.</summary>
    private void Move(double[] step, double by)
    {
        Span<float> parameters = network.Parameters;
        for (int i = 0; i < step.Length; i++)
        {
            parameters[i] = (float)Math.FusedMultiplyAdd(by, step[i], weights[i]);
        }
    }
}
