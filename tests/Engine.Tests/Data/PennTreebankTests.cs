using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class PennTreebankTests
{
    private static string Characters(string words) => PennTreebank.TextOf(
        PennTreebank.ToCharacters(System.Text.Encoding.Latin1.GetBytes(words), "words.txt"));

    [Test]
    public void The_alphabet_has_fifty_different_symbols_in_the_order_of_their_codes()
    {
        Assert.That(PennTreebank.Alphabet, Has.Length.EqualTo(PennTreebank.Symbols));
        Assert.That(PennTreebank.Alphabet, Is.Unique.And.Ordered);
    }

    [TestCase(" no it was n't \n N million \n", "no_it_was_n't\nN_million\n")]
    [TestCase("a\n\n  \nb", "a\n\n\nb\n")]
    [TestCase("a  b", "a__b\n")]
    [TestCase("", "")]
    public void Lines_are_trimmed_blanks_become_underscores_and_every_line_ends(
        string words, string expected) => Assert.That(Characters(words), Is.EqualTo(expected));

    [TestCase("  abc\n  x A y\n", 10, "0x41")]
    [TestCase("a_b", 1, "0x5f")]
    [TestCase("ab\r\n", 2, "0x0d")]
    [TestCase("a\tb", 1, "0x09")]
    [TestCase("caf\u00e9", 3, "0xe9")]
    public void A_byte_outside_the_alphabet_is_named_with_its_offset(
        string words, int offset, string value) => Assert.That(
            () => Characters(words), Throws.TypeOf<DataException>()
                .With.Property("Kind").EqualTo(DataErrorKind.Malformed)
                .And.Message.StartsWith("words.txt").And.Message.Contain($"at offset {offset},")
                .And.Message.Contain(value));

    [TestCase(PtbSplit.Train, 5_017_482, 50, "aer_banknote_berlitz")]
    [TestCase(PtbSplit.Valid, 393_042, 50, "consumers_may_want_t")]
    [TestCase(PtbSplit.Test, 442_423, 48, "no_it_was_n't_black_")]
    public void The_real_splits_have_their_published_lengths(
        PtbSplit split, int count, int symbols, string start)
    {
        PennTreebank text = PennTreebank.Load(RealData.Store(), split);

        Assert.That(text.Count, Is.EqualTo(count));
        Assert.That(text.Characters, Has.Length.EqualTo(count));
        bool[] seen = new bool[PennTreebank.Symbols];
        foreach (byte c in text.Characters)
        {
            seen[c] = true;
        }

        Assert.That(seen.Count(s => s), Is.EqualTo(symbols));
        Assert.That(PennTreebank.TextOf(text.Characters.AsSpan(0, 20)), Is.EqualTo(start));
        Assert.That(text.Characters[^1], Is.Zero, "a final line feed");
        Assert.That(PennTreebank.Load(RealData.Store(), split), Is.SameAs(text));
        Assert.That(text.ContentHash, Is.EqualTo(PennTreebank.ContentHashOf(split)));
    }

    [Test]
    public void The_words_counted_from_the_characters_are_the_published_tokens()
    {
        // A token ends at each blank and, with the end of sentence itself a token, twice at LF.
        (PtbSplit Split, int Tokens)[] published =
            [(PtbSplit.Train, 929_589), (PtbSplit.Valid, 73_760), (PtbSplit.Test, 82_430)];
        foreach ((PtbSplit split, int tokens) in published)
        {
            byte[] text = PennTreebank.Load(RealData.Store(), split).Characters;
            int blank = PennTreebank.Alphabet.IndexOf('_');
            Assert.That(text.Count(c => c == blank) + (2 * text.Count(c => c == 0)),
                Is.EqualTo(tokens));
        }
    }

    [Test]
    public void Each_split_has_its_own_content_hash() => Assert.That(
        Enum.GetValues<PtbSplit>().Select(PennTreebank.ContentHashOf), Is.Unique);
}
