namespace Repro.Engine.Networks;

/// <summary>Which ratio of norms Ω compares with 1.</summary>
public enum NormRatio
{
    /// <summary>‖v‖²/‖d‖², as eq. (10) and the authors' program have it.</summary>
    Squared,

    /// <summary>‖v‖/‖d‖, as eq. (9) prints it.</summary>
    Plain,
}

/// <summary>
/// Ω = mean over sequences b and steps k of (‖dE/dh_{k+1}·∂h_{k+1}/∂h_k‖² / ‖dE/dh_{k+1}‖² − 1)²,
/// k = 0 … T − 1. Its gradient reaches W_hh alone, with h_k and dE/dh_{k+1} held constant.
/// The paper's sum over k is a mean here, as in the authors' program: only so is their α of use.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (9), (10) and supplement.
/// </summary>
/// <param name="Ratio">Squared or plain norms.</param>
/// <param name="Bound">Pairs whose ‖dE/dh_{k+1}‖² is below it are left out of sum and mean;
/// 1e-30 or more.</param>
public sealed record RegularizerSpec(
    NormRatio Ratio = NormRatio.Squared, double Bound = 1e-20);

/// <summary>The value of Ω over one batch.</summary>
/// <param name="Mean">Ω; 0 when no pair counts.</param>
/// <param name="Pairs">Pairs (b, k) that count, at most B·T.</param>
public readonly record struct RegularizerValue(double Mean, long Pairs);
