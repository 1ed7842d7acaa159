using Repro.Engine.Numerics;

namespace Repro.Engine.Training.Learners;

/// <summary>Between which hidden states, and how, structural damping measures a distance.</summary>
public enum StructuralForm
{
    /// <summary>The loss that matches the activation: curvature f′(s) in the pre-activations,
    /// 1 − h² for tanh. Only of cells whose state is one activation.
    /// Source: Martens and Sutskever 2011, supplement, Algorithm 1; as in hfopt-matlab.</summary>
    Matched,

    /// <summary>A quarter of it: the cross-entropy of (1 + h)/2, whose logit is 2s, without the
    /// factor 4 of that 2.
    /// Source: Sutskever's released program of 2011.</summary>
    Quarter,

    /// <summary>½‖h − h′‖², curvature 1 in the states and (1 − h²)² in tanh's pre-activations.
    /// Of any cell.
    /// Source: Rasmussen's hessianfree, which says that it departs here.</summary>
    Post,
}

/// <summary>
/// Structural damping: the model of a step charges λ·µ times a distance between the hidden
/// states before it and after it. The distance has no gradient where the step begins, so only
/// the curvature has a share of it.
/// Source: Martens and Sutskever 2011, §3.
/// </summary>
/// <param name="Weight">µ, positive.</param>
/// <param name="Form">Which distance.</param>
public sealed record StructuralDamping(
    double Weight, StructuralForm Form = StructuralForm.Matched)
{
    /// <summary>Checks the range.</summary>
    /// <exception cref="ArgumentException">µ is not positive.</exception>
    public void Validate()
    {
        if (!double.IsFinite(Weight) || Weight <= 0)
        {
            throw new ArgumentException(
                $"structural damping has µ = {Weight}; a finite number above 0 is needed, or no "
                + "structural damping");
        }
        _ = Form.Word();
    }
}

/// <summary>What the forms of structural damping are called and do.</summary>
internal static class StructuralForms
{
    public static string Word(this StructuralForm form) => form switch
    {
        StructuralForm.Matched => "matched",
        StructuralForm.Quarter => "quarter",
        StructuralForm.Post => "post",
        _ => throw Unknown.Member(form),
    };

    /// <summary>What multiplies λ·µ.</summary>
    public static double Factor(this StructuralForm form) => form switch
    {
        StructuralForm.Matched or StructuralForm.Post => 1,
        StructuralForm.Quarter => 0.25,
        _ => throw Unknown.Member(form),
    };

    /// <summary>Whether the curvature is in the pre-activations.</summary>
    public static bool IsMatched(this StructuralForm form) => form switch
    {
        StructuralForm.Matched or StructuralForm.Quarter => true,
        StructuralForm.Post => false,
        _ => throw Unknown.Member(form),
    };
}
