using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>What a pixel is as an input, from black to white.</summary>
public enum PixelScale
{
    /// <summary>0 to 1.</summary>
    Unit,

    /// <summary>0 to 255, as the files have them.</summary>
    Bytes,
}

/// <summary>The scales' words in specs.</summary>
public static class PixelScales
{
    /// <summary>The word in run ids.</summary>
    public static string Word(this PixelScale scale) => scale switch
    {
        PixelScale.Unit => "unit",
        PixelScale.Bytes => "bytes",
        _ => throw Unknown.Member(scale),
    };

    /// <summary>The input of a white pixel.</summary>
    internal static int White(this PixelScale scale) => scale switch
    {
        PixelScale.Unit => 1,
        PixelScale.Bytes => 255,
        _ => throw Unknown.Member(scale),
    };
}
