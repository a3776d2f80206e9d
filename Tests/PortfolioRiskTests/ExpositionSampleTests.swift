import Testing

@testable import PortfolioRisk

@Suite("A sample of an exposition")
struct ExpositionSampleTests {
    @Test(
        "is found by its exact name",
        arguments: [
            ("p26_heat_value 0.0125", "0.0125"), ("p26_heat_value_created 1\np26_heat_value 2", "2"),
            ("# HELP p26_heat_value x\np26_heat_value\t3", "3"),
            (#"p26_heat_value{a="b} 9",c="\"}"} 4 1795354622000"#, "4"), ("p26_heat_value{} NaN\n", "NaN"),
            ("other 1\r\np26_heat_value 5\r\n", "5"),
            ("p26_heat_value{a=\"unclosed 6\np26_heat_value 7", "7"),
        ])
    func found(_ text: String, _ value: String) {
        #expect(ExpositionSample.value(of: "p26_heat_value", in: text).map(String.init) == value)
    }

    @Test(
        "is not found among similar names",
        arguments: ["", "p26_heat_value", "p26_heat_value_total 1", "p26_heat 1", " p26_heat_value 1"])
    func missing(_ text: String) {
        #expect(ExpositionSample.value(of: "p26_heat_value", in: text) == nil)
    }
}
