using System.Globalization;

namespace Repro.Engine.Data;

/// <summary>Walks over the Python dictionary in the header of an NPY file, piece by piece.
/// Whatever is not there as asked for is a <see cref="FormatException"/> with its place.</summary>
/// <param name="text">The header.</param>
internal ref struct NpyDictionary(string text)
{
    private int _at;

    public char Next
    {
        get
        {
            while (_at < text.Length && text[_at] == ' ')
            {
                _at++;
            }

            return _at < text.Length ? text[_at] : '\0';
        }
    }

    public bool Accept(char wanted)
    {
        if (Next != wanted || _at >= text.Length)
        {
            return false;
        }

        _at++;
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
        if (text[_at..].Trim(' ') is not ("" or "\n"))
        {
            throw Broken("blanks and a line feed");
        }
    }

    public string Quoted()
    {
        char quote = Next;
        int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
        if (end < 0)
        {
            throw Broken("a quoted text");
        }

        string inside = text[(_at + 1)..end];
        _at = end + 1;
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
        int start = _at;
        while (_at < text.Length && char.IsAsciiLetterOrDigit(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    private readonly FormatException Broken(string expected) => new(
        $"the header is no dictionary of descr, fortran_order and shape: expected {expected} "
        + $"at its character {_at}");
}
