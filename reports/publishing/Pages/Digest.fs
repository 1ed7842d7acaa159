namespace Repro.Reports

open System
open System.Security.Cryptography
open System.Text

/// What a file holds, in 64 characters.
[<RequireQualifiedAccess>]
module Digest =
    /// The SHA-256 of a text as the site writes it (UTF-8, no mark), in lower-case hexadecimal:
    /// what `sha256sum` says of the file.
    let ofText (text: string) : string =
        Convert.ToHexStringLower(SHA256.HashData(UTF8Encoding(false).GetBytes text))
