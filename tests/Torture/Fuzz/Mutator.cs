using System.Buffers.Binary;
using System.Text;
using Repro.Engine.Numerics;

namespace Repro.Torture.Fuzz;

/// <summary>Changes inputs as damage, malice and clumsiness do; a pure function of the seed and
/// the number of the input.</summary>
internal sealed class Mutator(ulong seed, uint target)
{
    private static readonly int[] Sizes = [0, 1, -1, 127, 255, 32_767, 1 << 20, int.MaxValue,
        int.MinValue, int.MaxValue - 7];

    private static readonly string[] Words = ["0", "-1", "1e999", "NaN", "99999999999999999999",
        "2147483647", "2147483648", "0.5", "null", "[]", "{}", "\"\"", "true", "-0", "1e-400"];

    private ulong at;
    private Philox random;

    /// <summary>Input <paramref name="number"/>, made of one or two of a pool.</summary>
    public byte[] Make(long number, IReadOnlyList<byte[]> pool)
    {
        random = new Philox(seed, 9002, target);
        at = (ulong)number << 12;
        List<byte> bytes = [.. pool[Below(pool.Count)]];
        int changes = 1 + Below(4);
        for (int i = 0; i < changes; i++)
        {
            Change(bytes, pool);
        }
        return [.. bytes];
    }

    /// <summary>Whether the input's checksum is made to fit again: two times in three.</summary>
    public bool Seals() => Below(3) > 0;

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> pool)
    {
        int place = Below(bytes.Count + 1);
        int length = Math.Min(bytes.Count - place, 1 << Below(8));
        switch (Below(11))
        {
            case 0 when place < bytes.Count:
                bytes[place] ^= (byte)(1 << Below(8));
                break;
            case 1 when place < bytes.Count:
                bytes[place] = (byte)Below(256);
                break;
            case 2 when place + 4 <= bytes.Count:
                Put(bytes, place, Sizes[Below(Sizes.Length)]);
                break;
            case 3:
                bytes.RemoveRange(place, length);
                break;
            case 4:
                bytes.InsertRange(place, bytes.GetRange(place, length));
                break;
            case 5:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            case 6:
                byte[] other = pool[Below(pool.Count)];
                int from = Below(other.Length + 1);
                bytes.RemoveRange(place, bytes.Count - place);
                bytes.AddRange(other[from..]);
                break;
            case 7:
                bytes.InsertRange(place, new byte[length]);
                break;
            case 8:
            case 9:
                PutWord(bytes, place);
                break;
            default:
                bytes.Insert(place, (byte)"{}[],:\"'\n\r \\<|"[Below(14)]);
                break;
        }
    }

    private void Put(List<byte> bytes, int place, int value)
    {
        byte[] word = new byte[4];
        if (Below(2) == 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(word, value);
        }
        for (int i = 0; i < word.Length; i++)
        {
            bytes[place + i] = word[i];
        }
    }

    // In place of the next number or word in quotes.
    private void PutWord(List<byte> bytes, int place)
    {
        int start = place;
        while (start < bytes.Count && !IsOfNumber(bytes[start]))
        {
            start++;
        }
        int end = start;
        while (end < bytes.Count && IsOfNumber(bytes[end]))
        {
            end++;
        }
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(Words[Below(Words.Length)]));
    }

    private static bool IsOfNumber(byte c) => c is >= (byte)'0' and <= (byte)'9'
        or (byte)'.' or (byte)'-' or (byte)'+';

    private int Below(int n) => (int)random.Below(at++, (uint)n);
}
