namespace Repro.Reports.Items

/// What a network scores that answers the same whatever it reads, of 10,000 sequences. An answer is
/// right within 0.04 of the target.
module PairConstant =
    /// Always answering 1: the sum of two uniform numbers is that near with probability
    /// 2·0.04 - 0.04².
    let addition = 784.0

    /// Always answering 1/4, the product's mean: the product is below z with probability
    /// z (1 - ln z).
    let multiplication = 1112.0

    /// A network has learnt something when it scores twice what the constant does.
    let learns (constant: float) (score: float) = score >= 2.0 * constant
