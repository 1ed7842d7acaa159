namespace Repro.Reports

open System
open System.Net
open System.Reflection
open System.Runtime.CompilerServices

/// Members as C# declares them, in HTML. FSharp.Formatting writes F#, and of an optional parameter
/// it takes a generic type's argument for its type, as if it were an F# option.
[<RequireQualifiedAccess>]
module internal Signatures =
    let private e (text: string) = string (WebUtility.HtmlEncode text)

    let private keywords =
        dict [
            typeof<bool>, "bool"
            typeof<byte>, "byte"
            typeof<sbyte>, "sbyte"
            typeof<int16>, "short"
            typeof<uint16>, "ushort"
            typeof<int>, "int"
            typeof<uint32>, "uint"
            typeof<int64>, "long"
            typeof<uint64>, "ulong"
            typeof<single>, "float"
            typeof<double>, "double"
            typeof<decimal>, "decimal"
            typeof<char>, "char"
            typeof<string>, "string"
            typeof<obj>, "object"
            typeof<Void>, "void"
        ]

    let private isTuple (t: Type) =
        t.IsGenericType && typeof<ITuple>.IsAssignableFrom t && t.IsValueType

    /// A type with what is known of its nulls; `fileOf` gives the page of one of our types.
    let rec typeOf (fileOf: Type -> string option) (nulls: NullabilityInfo | null) (t: Type) =
        let parts = [
            match nulls with
            | null -> ()
            | n -> yield! n.GenericTypeArguments
        ]

        let argument i (inner: Type) =
            typeOf fileOf (parts |> List.tryItem i |> Option.toObj) inner

        let mark =
            match nulls with
            | null -> ""
            | n when n.ReadState = NullabilityState.Nullable && not t.IsValueType -> "?"
            | _ -> ""

        match Nullable.GetUnderlyingType t with
        | null when t.IsByRef -> typeOf fileOf nulls (nonNull (t.GetElementType()))
        | null when t.IsPointer -> typeOf fileOf null (nonNull (t.GetElementType())) + "*"
        | null when t.IsArray ->
            let element =
                match nulls with
                | null -> null
                | n -> n.ElementType

            typeOf fileOf element (nonNull (t.GetElementType()))
            + "["
            + String(',', t.GetArrayRank() - 1)
            + "]"
            + mark
        | null when isTuple t ->
            let fields = t.GetGenericArguments() |> Seq.mapi argument
            "(" + String.Join(", ", fields) + ")"
        | null ->
            match keywords.TryGetValue t with
            | true, word -> word + mark
            | _ ->
                let name = if t.IsGenericType then t.Name.Split('`')[0] else t.Name

                let shown =
                    match fileOf t with
                    | Some file -> sprintf "<a href=\"%s\">%s</a>" file (e name)
                    | None -> e name

                let arguments =
                    if t.IsGenericType then
                        let all = t.GetGenericArguments() |> Seq.mapi argument
                        "&lt;" + String.Join(", ", all) + "&gt;"
                    else
                        ""

                shown + arguments + mark
        | inner -> typeOf fileOf null inner + "?"

    let private literal (value: obj | null) =
        match value with
        | null -> "null"
        | :? string as text -> "\"" + e text + "\""
        | :? bool as flag -> if flag then "true" else "false"
        | :? IFormattable as number ->
            number.ToString(null, Globalization.CultureInfo.InvariantCulture)
        | other -> e (string other)

    let private parameter fileOf (p: ParameterInfo) =
        let how =
            if p.IsOut then
                "out "
            elif p.ParameterType.IsByRef && p.IsIn then
                "in "
            elif p.ParameterType.IsByRef then
                "ref "
            elif p.IsDefined(typeof<ParamArrayAttribute>, false) then
                "params "
            else
                ""

        let value =
            if not p.HasDefaultValue then
                ""
            elif
                isNull p.DefaultValue
                && p.ParameterType.IsValueType
                && isNull (Nullable.GetUnderlyingType p.ParameterType)
            then
                " = default"
            else
                " = " + literal p.DefaultValue

        let nulls = NullabilityInfoContext().Create p
        sprintf "%s%s %s%s" how (typeOf fileOf nulls p.ParameterType) (e (string p.Name)) value

    let private parameters fileOf (all: ParameterInfo array) =
        "(" + String.Join(", ", Seq.map (parameter fileOf) all) + ")"

    let private generics (m: MethodInfo) =
        match m.GetGenericArguments() with
        | [||] -> ""
        | all -> "&lt;" + String.Join(", ", all |> Seq.map _.Name) + "&gt;"

    let private isInit (setter: MethodInfo) =
        setter.ReturnParameter.GetRequiredCustomModifiers()
        |> Array.contains typeof<IsExternalInit>

    let private isSeen (accessor: MethodInfo | null) =
        match accessor with
        | null -> false
        | m -> m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly

    let private accessors (p: PropertyInfo) =
        let words = [
            if isSeen p.GetMethod then
                "get;"

            match p.SetMethod with
            | null -> ()
            | setter when isSeen setter -> if isInit setter then "init;" else "set;"
            | _ -> ()
        ]

        " { " + String.Join(" ", words) + " }"

    /// `name` is what the member is called; a constructor has its type's name.
    let ofMember (fileOf: Type -> string option) (name: string) (m: MemberInfo) : string =
        let nulls = NullabilityInfoContext()

        match m with
        | :? ConstructorInfo as c -> e name + parameters fileOf (c.GetParameters())
        | :? MethodInfo as method ->
            let result = typeOf fileOf (nulls.Create method.ReturnParameter) method.ReturnType

            match method.Name with
            | "op_Implicit" -> "implicit operator " + result
            | "op_Explicit" -> "explicit operator " + result
            | _ -> result + " " + e name + generics method
            + parameters fileOf (method.GetParameters())
        | :? PropertyInfo as p ->
            let index =
                match p.GetIndexParameters() with
                | [||] -> e name
                | all -> "this[" + String.Join(", ", Seq.map (parameter fileOf) all) + "]"

            typeOf fileOf (nulls.Create p) p.PropertyType + " " + index + accessors p
        | :? FieldInfo as f when f.IsLiteral && nonNull f.DeclaringType |> _.IsEnum ->
            sprintf "%s = %O" (e name) (f.GetRawConstantValue())
        | :? FieldInfo as f ->
            let value =
                if f.IsLiteral then
                    " = " + literal (f.GetRawConstantValue())
                else
                    ""

            let how = if f.IsLiteral then "const " else "readonly "
            how + typeOf fileOf (nulls.Create f) f.FieldType + " " + e name + value
        | other -> e other.Name
