namespace Repro.Reports

/// The state of the sources that a site was written from. It is a commit's own, never the
/// clock's: the same sources and records give the same bytes.
type BuiltFrom = {
    /// The commit's hash.
    Commit: string
    /// The commit's day, such as "2026-11-25".
    Date: string
    /// Whether no source had been changed since that commit.
    IsClean: bool
    /// Address of the repository's pages, such as "https://github.com/owner/name"; may be empty.
    Repository: string
}

[<RequireQualifiedAccess>]
module internal BuiltFrom =
    let short (built: BuiltFrom) =
        built.Commit.Substring(0, min 10 built.Commit.Length)

    /// The address of a file as it was at the commit; None without a repository's address or
    /// where the file may differ from it.
    let fileAt (path: string) (built: BuiltFrom) =
        if built.Repository = "" || not built.IsClean then
            None
        else
            Some(sprintf "%s/blob/%s/%s" (built.Repository.TrimEnd '/') built.Commit path)

    /// A sentence for the foot of a page, as HTML.
    let sentence (built: BuiltFrom) =
        let commit = sprintf "<code>%s</code>" (Html.escape (short built))

        let commit =
            if built.Repository = "" then
                commit
            else
                sprintf
                    "<a href=\"%s/commit/%s\">%s</a>"
                    (Html.escape (built.Repository.TrimEnd '/'))
                    (Html.escape built.Commit)
                    commit

        let changes =
            if built.IsClean then
                ""
            else
                ", with changes that are not committed"

        sprintf "Built from commit %s of %s%s." commit (Html.escape built.Date) changes
