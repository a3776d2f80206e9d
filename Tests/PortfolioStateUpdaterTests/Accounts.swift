/// Account responses in the documented form.
enum Accounts {
    static let v3 = """
        {"totalInitialMargin":"1200.00000000","totalMaintMargin":"240.00000000",
         "totalWalletBalance":"10000.12345678","totalUnrealizedProfit":"-150.50000000",
         "totalMarginBalance":"9849.62345678","totalPositionInitialMargin":"1200.00000000",
         "totalOpenOrderInitialMargin":"0.00000000","totalCrossWalletBalance":"10000.12345678",
         "totalCrossUnPnl":"-150.50000000","availableBalance":"8649.62345678","maxWithdrawAmount":"8649.62345678",
         "assets":[
          {"asset":"USDT","walletBalance":"10000.12345678","unrealizedProfit":"-150.50000000",
           "marginBalance":"9849.62345678","maintMargin":"240.00000000","initialMargin":"1200.00000000",
           "positionInitialMargin":"1200.00000000","openOrderInitialMargin":"0.00000000",
           "crossWalletBalance":"10000.12345678","crossUnPnl":"-150.50000000","availableBalance":"8649.62345678",
           "maxWithdrawAmount":"8649.62345678","updateTime":1625474304765}],
         "positions":[
          {"symbol":"BTCUSDT","positionSide":"BOTH","positionAmt":"0.100","unrealizedProfit":"49.50000000",
           "isolatedMargin":"0.00000000","notional":"6049.50000000","isolatedWallet":"0","initialMargin":"604.95",
           "maintMargin":"24.2","updateTime":1625474304765},
          {"symbol":"ETHUSDT","positionSide":"BOTH","positionAmt":"-2.000","unrealizedProfit":"-200.00000000",
           "isolatedMargin":"0.00000000","notional":"-6200.00000000","isolatedWallet":"0","initialMargin":"620",
           "maintMargin":"31","updateTime":1625474304765},
          {"symbol":"SOLUSDT","positionSide":"BOTH","positionAmt":"0","unrealizedProfit":"0.00000000",
           "isolatedMargin":"0.00000000","notional":"0","isolatedWallet":"0","initialMargin":"0","maintMargin":"0",
           "updateTime":0}]}
        """

    /// Version 2 lacks `notional`; it follows from entry price and profit.
    static let v2 = """
        {"feeTier":0,"feeBurn":true,"canTrade":true,"canDeposit":true,"canWithdraw":true,"updateTime":0,
         "multiAssetsMargin":false,"tradeGroupId":-1,
         "totalInitialMargin":"0.00000000","totalMaintMargin":"0.00000000","totalWalletBalance":"23.72469206",
         "totalUnrealizedProfit":"-1.50000000","totalMarginBalance":"22.22469206",
         "totalPositionInitialMargin":"0.00000000","totalOpenOrderInitialMargin":"0.00000000",
         "totalCrossWalletBalance":"23.72469206","totalCrossUnPnl":"-1.50000000","availableBalance":"23.72469206",
         "maxWithdrawAmount":"23.72469206",
         "assets":[],
         "positions":[
          {"symbol":"BTCUSDT","initialMargin":"0","maintMargin":"0","unrealizedProfit":"0.00000000",
           "positionInitialMargin":"0","openOrderInitialMargin":"0","leverage":"100","isolated":true,
           "entryPrice":"0.00000","maxNotional":"250000","bidNotional":"0","askNotional":"0","positionSide":"BOTH",
           "positionAmt":"0","updateTime":0},
          {"symbol":"ETHUSDT","initialMargin":"0","maintMargin":"0","unrealizedProfit":"-1.50000000",
           "positionInitialMargin":"0","openOrderInitialMargin":"0","leverage":"10","isolated":false,
           "entryPrice":"3000.00","maxNotional":"250000","bidNotional":"0","askNotional":"0","positionSide":"SHORT",
           "positionAmt":"-0.010","updateTime":0}]}
        """

    static func v3(_ field: String, _ value: String) -> String {
        v3.replacing(try! Regex("\"\(field)\":\"[^\"]*\""), with: "\"\(field)\":\"\(value)\"")
    }
}
