namespace Repro.Reports

open System
open System.Collections.Generic
open System.Reflection

/// The ids by which a file of comments names types and members.
/// Source: ECMA-334, C# language specification, annex D.4.2, "ID string format".
[<RequireQualifiedAccess>]
module internal DocIds =
    let private joined (separator: string) (parts: string seq) = String.Join(separator, parts)

    let private fullName (t: Type) = (string t.FullName).Replace('+', '.')

    let rec private typeName (t: Type) : string =
        let element () = typeName (nonNull (t.GetElementType()))

        if t.IsByRef then
            element () + "@"
        elif t.IsPointer then
            element () + "*"
        elif t.IsArray then
            let rank = t.GetArrayRank()

            if rank = 1 then
                element () + "[]"
            else
                element () + "[" + joined "," (Seq.replicate rank "0:") + "]"
        elif t.IsGenericMethodParameter then
            "``" + string t.GenericParameterPosition
        elif t.IsGenericParameter then
            "`" + string t.GenericParameterPosition
        elif t.IsGenericType then
            let name = fullName (t.GetGenericTypeDefinition())
            let arguments = t.GetGenericArguments() |> Seq.map typeName |> joined ","
            name.Substring(0, name.IndexOf '`') + "{" + arguments + "}"
        else
            fullName t

    let ofType (t: Type) = "T:" + fullName t

    let private parameters (all: ParameterInfo array) =
        if all.Length = 0 then
            ""
        else
            "(" + (all |> Seq.map (_.ParameterType >> typeName) |> joined ",") + ")"

    let ofMember (m: MemberInfo) =
        let owner = fullName (nonNull m.DeclaringType)

        let named prefix name rest =
            sprintf "%s:%s.%s%s" prefix owner name rest

        match m with
        | :? ConstructorInfo as c -> named "M" "#ctor" (parameters (c.GetParameters()))
        | :? MethodInfo as method ->
            let arity =
                match method.GetGenericArguments().Length with
                | 0 -> ""
                | n -> "``" + string n

            let result =
                if method.Name = "op_Implicit" || method.Name = "op_Explicit" then
                    "~" + typeName method.ReturnType
                else
                    ""

            named "M" method.Name (arity + parameters (method.GetParameters()) + result)
        | :? PropertyInfo as p -> named "P" p.Name (parameters (p.GetIndexParameters()))
        | :? EventInfo as e -> named "E" e.Name ""
        | other -> named "F" other.Name ""

    /// The types and members that are declared in an assembly, by their ids.
    let all (assembly: Assembly) : Dictionary<string, MemberInfo> =
        let found = Dictionary<string, MemberInfo>(StringComparer.Ordinal)

        let flags =
            BindingFlags.Public
            ||| BindingFlags.NonPublic
            ||| BindingFlags.Instance
            ||| BindingFlags.Static
            ||| BindingFlags.DeclaredOnly

        for t in assembly.GetTypes() do
            found[ofType t] <- t

            for m in t.GetMembers flags do
                match m with
                | :? Type -> ()
                | m -> found[ofMember m] <- m

        found
