using System.Globalization;

namespace Repro.Engine.Data;

/// <summary>Walks over the Python dictionary in the header of an NPY file, piece by piece.
/// Whatever is not there as asked for is a <see cref="FormatException"/> with its place.</summary>
/// <param name="text">The header.</param>
internal ref struct NpyDictionary(string text)
{
    private int at;

    public char Next
    {
        get
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            return at < text.Length ? text[at] : '\0';
        }
    }

    public bool Accept(char wanted)
    {
        if (Next != wanted || at >= text.Length)
        {
            return false;
        }

        at++;
        return true;
    }

    public void Expect(char wanted)
    {
        if (!Accept(wanted))
        {
            throw Broken($"'{wanted}'");
        }
    }

    public void ExpectEnd()
    {
        if (text[at..].Trim(' ') is not ("" or "\n"))
        {
            throw Broken("blanks and a line feed");
        }
    }

    public string Quoted()
    {
        char quote = Next;
        int end = quote is '\'' or '"' ? text.IndexOf(quote, at + 1) : -1;
        if (end < 0)
        {
            throw Broken("a quoted text");
        }

        string inside = text[(at + 1)..end];
        at = end + 1;
        return inside;
    }

    public bool Truth()
    {
        string word = Word();
        return word is "True" or "False" ? word == "True" : throw Broken("True or False");
    }

    public List<int> Tuple()
    {
        List<int> sizes = [];
        Expect('(');
        while (!Accept(')'))
        {
            string digits = Word();
            if (!int.TryParse(
                digits, NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            {
                throw Broken($"a size from 0 to {int.MaxValue}");
            }

            sizes.Add(size);
            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return sizes;
    }

    private string Word()
    {
        _ = Next;
        int start = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
        {
            at++;
        }

        return text[start..at];
    }

    private readonly FormatException Broken(string expected) => new(
        $"the header is no dictionary of descr, fortran_order and shape: expected {expected} "
        + $"at its character {at}");
}
