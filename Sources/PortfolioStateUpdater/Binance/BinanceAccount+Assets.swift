import GateAPI

extension BinanceAccount {
    /// A balance in one asset.
    struct Asset: Decodable, Sendable {
        let asset: String
        let walletBalance: String
        let unrealizedProfit: String
        let marginBalance: String
    }

    /// Cash, unrealized profit and their sum, in USD.
    struct Totals: Equatable {
        var balance = Amount.zero
        var unrealizedProfit = Amount.zero
        var equity = Amount.zero
    }

    /// The sums over the assets that count, and the other balances.
    func totals(_ counting: BinanceAssets) throws(PortfolioStateFailure) -> (Totals, [Exclusion]) {
        guard !counting.names.isEmpty else {
            let totals = Totals(
                balance: try Self.amount(totalWalletBalance, "totalWalletBalance"),
                unrealizedProfit: try Self.amount(totalUnrealizedProfit, "totalUnrealizedProfit"),
                equity: try Self.amount(totalMarginBalance, "totalMarginBalance"))
            return (totals, try exclusions(totals))
        }
        var totals = Totals()
        var seen: Set<String> = []
        for asset in assets ?? [] where counting.names.contains(asset.asset) {
            guard seen.insert(asset.asset).inserted else {
                throw PortfolioStateFailure(.inputMalformed, "Binance lists the asset \(asset.asset) twice")
            }
            try totals.add(asset)
        }
        guard !seen.isEmpty else {
            throw PortfolioStateFailure(
                .inputMissing, "Binance lists none of the assets that count: \(counting.settingText)")
        }
        return (totals, try exclusions { !counting.names.contains($0.asset) })
    }

    /// In single-asset mode the totals leave out all assets but USDT. Version 3 does not name the mode, so it shows where
    /// the total is the balance of USDT alone.
    private func exclusions(_ totals: Totals) throws(PortfolioStateFailure) -> [Exclusion] {
        guard let assets else { return [] }
        let tether = try assets.first { $0.asset == "USDT" }.map { (asset) throws(PortfolioStateFailure) in
            try Self.amount(asset.walletBalance, "walletBalance")
        }
        guard tether ?? .zero == totals.balance else { return [] }
        return try exclusions { $0.asset != "USDT" }
    }

    private func exclusions(_ isLeftOut: (Asset) -> Bool) throws(PortfolioStateFailure) -> [Exclusion] {
        var exclusions: [Exclusion] = []
        for asset in assets ?? [] where isLeftOut(asset) {
            // The name is text of the server.
            guard let name = Symbol(asset.asset)?.name,
                !(try Self.amount(asset.marginBalance, "marginBalance").isZero)
            else { continue }
            exclusions.append(
                Exclusion(.asset, name, "the balance in \(name) does not count; BINANCE_ASSETS lists what counts"))
        }
        return exclusions
    }
}

extension BinanceAccount.Totals {
    fileprivate mutating func add(_ asset: BinanceAccount.Asset) throws(PortfolioStateFailure) {
        let balance = try BinanceAccount.amount(asset.walletBalance, "walletBalance")
        let unrealizedProfit = try BinanceAccount.amount(asset.unrealizedProfit, "unrealizedProfit")
        let equity = try BinanceAccount.amount(asset.marginBalance, "marginBalance")
        do throws(AmountError) {
            self.balance = try self.balance + balance
            self.unrealizedProfit = try self.unrealizedProfit + unrealizedProfit
            self.equity = try self.equity + equity
        } catch {
            throw PortfolioStateFailure(error, computing: "the sum of the assets")
        }
    }
}
