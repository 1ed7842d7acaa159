namespace Repro.Reports.Tests

open System.Xml.Linq
open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module MathMlTests =
    let private is (expected: string) (formula: string) =
        Assert.That(MathMl.ofTex formula, Is.EqualTo("<math>" + expected + "</math>"))

    [<Test>]
    let ``Scripts bind to what stands before them`` () =
        "x_t" |> is "<msub><mi>x</mi><mi>t</mi></msub>"

        "W_{hh}^{-1}"
        |> is
            "<msubsup><mi>W</mi><mrow><mi>h</mi><mi>h</mi></mrow>\
             <mrow><mo>−</mo><mn>1</mn></mrow></msubsup>"

        "2x^2" |> is "<mrow><mn>2</mn><msup><mi>x</mi><mn>2</mn></msup></mrow>"

    [<Test>]
    let ``Fractions and roots take their groups`` () =
        "\\frac{1}{N}" |> is "<mfrac><mn>1</mn><mi>N</mi></mfrac>"

        "\\sqrt{2}" |> is "<msqrt><mn>2</mn></msqrt>"

        "\\text{if } x" |> is "<mrow><mtext>if</mtext><mi>x</mi></mrow>"

    [<Test>]
    let ``What it does not know is named and nothing is shown`` () =
        let refuses (message: string) (formula: string) =
            Samples.refuses message (fun () -> MathMl.ofTex formula)

        "\\integral x" |> refuses "the unknown command '\\integral'"
        "x & y" |> refuses "the character '&'"
        "{x" |> refuses "a group that is not closed"
        "x}" |> refuses "a '}' without its '{'"
        "x_1_2" |> refuses "two scripts in one place"
        "x_" |> refuses "nothing where"
        "" |> refuses "nothing in it"

    [<Test>]
    let ``Every command that it lists gives well-formed MathML`` () =
        for command in MathMl.commands do
            let formula =
                match command with
                | "frac" -> "\\frac{a}{b}"
                | "sqrt"
                | "tilde"
                | "text" -> "\\" + command + "{a}"
                | other -> "\\" + other

            let math = XElement.Parse(MathMl.ofTex formula)
            Assert.That(math.Value, Is.Not.Empty.And.Not.Contain "\\", command)

    [<Test>]
    let ``Formulas in a text become MathML wherever they come from`` () =
        Assert.That(
            MathMl.inHtml "<p>If \\(a&lt;1\\), \\[b\\]</p>",
            Is.EqualTo(
                "<p>If <math><mrow><mi>a</mi><mo>&lt;</mo><mn>1</mn></mrow></math>, "
                + "<math display=\"block\"><mi>b</mi></math></p>"
            )
        )

        Assert.That(
            Literate.render id "(**\nThe state $s_t$.\n*)\n",
            Does.Contain "<math><msub><mi>s</mi><mi>t</mi></msub></math>"
        )
