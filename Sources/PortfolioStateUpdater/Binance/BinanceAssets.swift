package import GateAPI

/// The assets of an account that count, each unit as one USD.
///
/// Without any, the account's own totals count: in multi-assets mode these cover all assets, in USD; in single-asset
/// mode they are those of USDT alone.
package struct BinanceAssets: SettingValue, Equatable {
    /// Without repetitions.
    package let names: [String]

    package init(_ names: [String] = []) {
        self.names = names
    }

    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("list of dollar assets (USDT,USDC)", parse: Self.init(setting:), text: \.settingText)
    }

    /// Only names that hold `USD`: any other asset is not worth a dollar.
    package init?(setting: SettingScalar) {
        var names: [String] = []
        for part in setting.text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part.filter { $0 != " " }).uppercased()
            guard name.wholeMatch(of: /[A-Z0-9]{1,16}/) != nil, name.contains("USD"), !names.contains(name) else {
                return nil
            }
            names.append(name)
        }
        self.init(names)
    }

    package var settingText: String { names.joined(separator: ",") }
}
