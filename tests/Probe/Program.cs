// Trains four tiny networks for 30 updates each and prints one line: the instruction set in use
// and the SHA-256 of the final weights. The tests start it with processor features switched off,
// which only a fresh process can have. Software FMA is hundreds of times slower than the
// processor's, hence the sizes.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Probe;

using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
InstructionSet used = InstructionSet.Scalar;
foreach (Training training in Training.All)
{
    using RecurrentNetwork<float> network = training.Run();
    hash.AppendData(MemoryMarshal.AsBytes(network.Parameters));
    used = network.InstructionSet;
}
Console.WriteLine($"{used} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
