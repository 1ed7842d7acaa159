using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>A signal stated by a formula in t = 0, 1, 2, …</summary>
public enum Waveform
{
    /// <summary>½ sin(.02t) − .05 cos(.17t + .8) + .05 sin(.25t + 10) − .02 cos(.45t + .3): a
    /// large slow swing and three small fast ones.
    /// Source: the example caffe-lstm.</summary>
    Swing,

    /// <summary>Σ sin(2πt/p + φ) with p = 8, 32, 80, 160 and φ = 0, 1, 2, 3: two of the periods
    /// are powers of two.</summary>
    OnGrid,

    /// <summary>Σ sin(2πt/p + φ) with p = 7, 27, 73, 151 and φ = 0, 1, 2, 3: no period is near a
    /// power of two or a multiple of another.</summary>
    OffGrid,

    /// <summary>Σ sin(2πht/200 + h²)/h over h = 1 … 12: a tone of 200 steps with its overtones.
    /// </summary>
    Overtones,

    /// <summary>(1 + .8 sin(2πt/160))·sin(2πt/10): a fast tone that swells and fades.</summary>
    Beat,

    /// <summary>sin(2π(t/160 + (1/8 − 1/160)·t²/640)): a period that falls from 160 steps to 8
    /// within 320.</summary>
    Chirp,
}

/// <summary>The waveforms' words and samples.</summary>
public static class Waveforms
{
    private const double TwoPi = 2 * Math.PI;

    /// <summary>The word of a waveform; part of run ids.</summary>
    public static string Word(this Waveform wave) => wave switch
    {
        Waveform.Swing => "swing",
        Waveform.OnGrid => "on-grid",
        Waveform.OffGrid => "off-grid",
        Waveform.Overtones => "overtones",
        Waveform.Beat => "beat",
        Waveform.Chirp => "chirp",
        _ => throw Unknown.Member(wave),
    };

    /// <summary>Samples at t = 0 … T − 1, moved and scaled so that the least is −1 and the
    /// largest 1.</summary>
    /// <param name="wave">Which.</param>
    /// <param name="steps">T, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few samples to scale.
    /// </exception>
    public static double[] Samples(this Waveform wave, int steps)
    {
        if (steps < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"{steps} samples of a waveform; 2 or more are needed");
        }
        double[] samples = new double[steps];
        for (int t = 0; t < steps; t++)
        {
            samples[t] = wave.At(t);
        }
        (double least, double largest) = (samples.Min(), samples.Max());
        for (int t = 0; t < steps; t++)
        {
            samples[t] = ((2 * (samples[t] - least)) / (largest - least)) - 1;
        }
        return samples;
    }

    private static double At(this Waveform wave, double t) => wave switch
    {
        Waveform.Swing => (.5 * Sine.Of(.02 * t)) - (.05 * Cosine((.17 * t) + .8))
            + (.05 * Sine.Of((.25 * t) + 10)) - (.02 * Cosine((.45 * t) + .3)),
        Waveform.OnGrid => Tones(t, 8, 32, 80, 160),
        Waveform.OffGrid => Tones(t, 7, 27, 73, 151),
        Waveform.Overtones => WithOvertones(t),
        Waveform.Beat => (1 + (.8 * Sine.Of(TwoPi * t / 160))) * Sine.Of(TwoPi * t / 10),
        Waveform.Chirp =>
            Sine.Of(TwoPi * ((t / 160) + (((1.0 / 8) - (1.0 / 160)) * t * t / 640))),
        _ => throw Unknown.Member(wave),
    };

    private static double Tones(double t, params double[] periods)
    {
        double sum = 0;
        for (int i = 0; i < periods.Length; i++)
        {
            sum += Sine.Of((TwoPi * t / periods[i]) + i);
        }
        return sum;
    }

    private static double WithOvertones(double t)
    {
        double sum = 0;
        for (int h = 1; h <= 12; h++)
        {
            sum += Sine.Of((TwoPi * h * t / 200) + (h * h)) / h;
        }
        return sum;
    }

    private static double Cosine(double x) => Sine.Of(x + (Math.PI / 2));
}
