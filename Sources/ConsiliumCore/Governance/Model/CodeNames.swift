/// Codes as reports and resources print them.
extension Tier {
    package var name: BilingualText {
        switch self {
        case .primary: BilingualText("primary", "基层")
        case .county: BilingualText("county", "县级")
        case .municipal: BilingualText("municipal", "市级")
        case .provincial: BilingualText("provincial", "省级")
        case .national: BilingualText("national", "国家级")
        }
    }
}

extension Priority {
    package var name: BilingualText {
        switch self {
        case .stat: BilingualText("stat", "急会诊")
        case .asap: BilingualText("asap", "加急")
        case .urgent: BilingualText("urgent", "较急")
        case .routine: BilingualText("routine", "普通")
        }
    }
}

extension Assessment.Confidence {
    package var name: BilingualText {
        switch self {
        case .low: BilingualText("low", "低")
        case .medium: BilingualText("medium", "中")
        case .high: BilingualText("high", "高")
        }
    }
}
