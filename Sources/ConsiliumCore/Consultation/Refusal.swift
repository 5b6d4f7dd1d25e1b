/// The network says no: a stable code, a sentence for a person, and what the sender should do next.
///
/// Equality is on code and place. Each format maps `Refusal.Code` in one switch.
package struct Refusal: Error, Equatable, Sendable {
    package enum Code: String, CaseIterable, Sendable {
        case missingIdentity = "missing-identity"
        case missingRequestNumber = "missing-request-number"
        case missingRequester = "missing-requester"
        case unknownCode = "unknown-code"
        case messageReused = "message-reused"
        case amendmentTooLate = "amendment-too-late"
        case otherPatient = "other-patient"
        case notFound = "not-found"
        case erased
        case notPermitted = "not-permitted"
        case notYetOffered = "not-yet-offered"
        case wrongState = "wrong-state"
        case versionConflict = "version-conflict"
        case offerEnded = "offer-ended"
        case alreadyAccepted = "already-accepted"
        case capacityFull = "capacity-full"
        case consentMissing = "consent-missing"
        case consentWithdrawn = "consent-withdrawn"
        case reasonRequired = "reason-required"
        case reportIncomplete = "report-incomplete"
        case signatureInvalid = "signature-invalid"
        case credentialInvalid = "credential-invalid"
        case siteUnknown = "site-unknown"
        case siteSuspended = "site-suspended"
        case actsForDenied = "acts-for-denied"
        case principalUnknown = "principal-unknown"
        case principalRevoked = "principal-revoked"
        case tokenInvalid = "token-invalid"
        case invalidValue = "invalid-value"
        case alreadyRated = "already-rated"
        case assessmentIncomplete = "assessment-incomplete"
        case assessmentOverlaps = "assessment-overlaps"
        case evidenceMissing = "evidence-missing"
        case evidenceUnknown = "evidence-unknown"
        case measureUnknown = "measure-unknown"
        case measureInvalid = "measure-invalid"
        case notDrilled = "not-drilled"
        case entryUnknown = "entry-unknown"
        case entryExists = "entry-exists"
        case entryClosed = "entry-closed"
        case sharesDoNotAddUp = "shares-do-not-add-up"
        case rulePackOverlaps = "rule-pack-overlaps"
        case returnDefective = "return-defective"
        case periodBegun = "period-begun"
        case periodNotEnded = "period-not-ended"
        case periodEmpty = "period-empty"
        case periodInFuture = "period-in-future"
        case seedMismatch = "seed-mismatch"
        case reviewLate = "review-late"
        case busy
        case diskFull = "disk-full"
        case tooLarge = "too-large"
    }

    package var code: Code
    /// Element, field or argument that the refusal is about, when there is one.
    package var place: String?
    /// Values for the sentence, e.g. the state a case is in; never patient data.
    package var detail: String?

    package init(_ code: Code, at place: String? = nil, _ detail: String? = nil) {
        self.code = code
        self.place = place
        self.detail = detail
    }

    package static func == (a: Refusal, b: Refusal) -> Bool { a.code == b.code && a.place == b.place }
}

/// The languages of every text for a person.
package enum Language: String, Sendable, Codable, CaseIterable {
    case en
    case zh
}

extension Refusal {
    /// One sentence that says what is wrong.
    package func sentence(_ language: Language) -> String {
        let text = language == .zh ? code.chinese.sentence : code.english.sentence
        let full = [place.map { "\($0): \(text)" } ?? text, detail.map { "(\($0))" }]
        return full.compactMap { $0 }.joined(separator: " ")
    }

    /// What the sender should do next.
    package func nextStep(_ language: Language) -> String {
        language == .zh ? code.chinese.next : code.english.next
    }
}

extension Refusal.Code {
    fileprivate var english: (sentence: String, next: String) {
        switch self {
        case .missingIdentity:
            ("no patient name or identifier", "fill in the patient's name or an identifier and send again")
        case .missingRequestNumber:
            ("no request number", "give the request the number that your system knows it by and send again")
        case .missingRequester: ("no requesting doctor", "name the doctor who asks and send again")
        case .unknownCode:
            ("the code is not known to this network", "use a code of the published table or extend the site's code map")
        case .messageReused:
            (
                "this message id came before with other content",
                "send a correction under a new message id, with the request number"
            )
        case .amendmentTooLate:
            (
                "the case has been accepted; these elements can no longer change",
                "tell the performer by a note, or cancel and submit anew"
            )
        case .otherPatient:
            (
                "this request number belongs to a case of another patient",
                "give the new patient's request a number of its own; to correct an identifier, void the case and submit anew"
            )
        case .notFound: ("not found", "check the number; a case is seen only by the sites that take part in it")
        case .erased: ("the content of this case was erased", "ask the hub's operator for the register of erasures")
        case .notPermitted:
            (
                "this principal may not do that",
                "ask for the role that is named: the network's administrator grants auditor, coordinator and "
                    + "network-administrator, the site's administrator all others"
            )
        case .notYetOffered: ("this network does not offer that step yet", "use the steps that `metadata` lists")
        case .wrongState:
            ("the case is not in a state that allows this", "look at the case with `consilium show` and decide again")
        case .versionConflict: ("the case has changed since it was read", "read it again and decide again")
        case .offerEnded: ("the offer has ended", "look at the inbox; the case may have moved on")
        case .alreadyAccepted: ("another site has accepted the case", "nothing to do; the case is in hand")
        case .capacityFull:
            ("the department's capacity is full", "raise the capacity or decline with reason no-capacity")
        case .consentMissing:
            ("the patient's consent is not on record", "attach it with `consilium consent attach CASE`")
        case .consentWithdrawn: ("the patient withdrew consent", "obtain a new consent before going on")
        case .reasonRequired: ("a coded reason is needed", "repeat with one of the reasons listed in the help")
        case .reportIncomplete: ("the report lacks a mandatory element", "fill in the element and sign again")
        case .signatureInvalid:
            ("the signature does not fit the content", "read the case again and sign what it holds now")
        case .credentialInvalid:
            (
                "the site's register of doctors has no such licence under that name, or it is not valid today",
                "compare name and licence number with `consilium doctors list`, or have the administrator bring it up to date"
            )
        case .siteUnknown: ("no such site in this network", "check the organisation code with `consilium sites list`")
        case .siteSuspended: ("the site is suspended", "ask the network's administrator")
        case .actsForDenied:
            ("this principal may not send for that site", "the site's administrator can grant `acts-for`")
        case .principalUnknown:
            ("the certificate's principal is not enrolled here", "enrol with a token of the site's administrator")
        case .principalRevoked: ("the principal was revoked", "ask the site's administrator for a new invitation")
        case .tokenInvalid: ("the token is unknown, used or expired", "ask for a new invitation")
        case .invalidValue: ("the value is not acceptable", "correct the value and send again")
        case .alreadyRated:
            ("that has been rated already", "correct the rating before signing; after it nothing changes")
        case .assessmentIncomplete: ("items are not rated yet", "rate the items that are named, then sign")
        case .assessmentOverlaps:
            ("another assessment covers part of that period", "choose a period that begins after it, or abandon it")
        case .evidenceMissing: ("a rating needs evidence", "link at least one event, document or register entry")
        case .evidenceUnknown: ("that evidence is not in the ledger", "check the reference of the evidence")
        case .measureUnknown:
            (
                "no adopted model defines that measure",
                "list the measures, in capitals, with `consilium governance scorecard --period PERIOD`"
            )
        case .notDrilled:
            ("no list of cases or entries stands behind that figure", "drill into the parts that are named")
        case .measureInvalid:
            ("the definition of a measure has defects", "correct every field that is named and adopt again")
        case .entryUnknown: ("no such entry on the register", "check the identifier on the register")
        case .entryExists:
            (
                "the register holds that already",
                "nothing to do if it is the same; else give it an identifier of its own"
            )
        case .entryClosed:
            ("the entry is not open for that step", "look at how far the entry has come and decide again")
        case .sharesDoNotAddUp:
            ("the shares do not add up to a million millionths", "correct the shares so that their sum is 1000000")
        case .rulePackOverlaps:
            (
                "another version of this rule pack is in force on some of these days",
                "let the new version begin after the old one ends"
            )
        case .returnDefective:
            ("the return has rows that cannot be taken; nothing was taken", "correct the rows and file the whole form")
        case .periodBegun: ("the period has begun", "choose a period that begins later")
        case .periodNotEnded:
            (
                "the period has not ended, or what follows its cases is still looked at",
                "wait until the period is over, or until the day that is named"
            )
        case .periodInFuture: ("that period has not begun", "choose a period that has begun")
        case .periodEmpty: ("nothing happened in that period", "choose one after the ledger began, such as this month")
        case .seedMismatch:
            ("the secret does not fit what was sealed", "use the secret whose digest was sealed before the period")
        case .reviewLate:
            (
                "a case that you were shown has not been reviewed in time",
                "ask a site that took part in it for its review; then look again"
            )
        case .busy: ("the hub is busy; nothing was stored", "send again after the time given")
        case .diskFull:
            ("the hub's disk is nearly full; nothing was stored", "tell the hub's operator; send again later")
        case .tooLarge:
            ("the message is larger than the hub takes", "make the attachments smaller, or send fewer of them")
        }
    }

    fileprivate var chinese: (sentence: String, next: String) {
        switch self {
        case .missingIdentity: ("缺少患者姓名或标识", "请补充患者姓名或任一标识后重新发送")
        case .missingRequestNumber: ("缺少申请单号", "请填写本院系统的申请单号后重新发送")
        case .missingRequester: ("缺少申请医师", "请填写申请医师后重新发送")
        case .unknownCode: ("协作网不认识该代码", "请使用公布的代码表，或补充本机构的代码映射")
        case .messageReused: ("该消息编号已用于不同内容", "如需更正，请换新的消息编号并带上申请单号")
        case .amendmentTooLate: ("会诊已被接受，所列内容不能再修改", "请给受邀方留言，或撤销后重新申请")
        case .otherPatient: ("该申请单号属于另一位患者的会诊", "请为新患者另编申请单号；如更正证件号码，请将原会诊作废后重新申请")
        case .notFound: ("未找到", "请核对编号；只有参与该会诊的机构才能查看")
        case .erased: ("该会诊内容已被清除", "请向中心管理员查询清除登记")
        case .notPermitted: ("当前身份无权进行此操作", "请申请所列角色：审计员、协调员与网络管理员由网络管理员授予，其余由本机构管理员授予")
        case .notYetOffered: ("协作网尚未提供该步骤", "请使用 metadata 中列出的步骤")
        case .wrongState: ("当前状态不允许此操作", "请用 consilium show 查看后再决定")
        case .versionConflict: ("读取之后会诊已有变化", "请重新读取后再决定")
        case .offerEnded: ("该邀请已结束", "请查看收件箱，会诊可能已转往他处")
        case .alreadyAccepted: ("已有其他机构接受", "无需处理，会诊已有人负责")
        case .capacityFull: ("该科室容量已满", "请提高容量，或以 no-capacity 为由谢绝")
        case .consentMissing: ("没有患者知情同意记录", "请用 consilium consent attach 补交")
        case .consentWithdrawn: ("患者已撤回同意", "继续之前请重新取得同意")
        case .reasonRequired: ("需要填写编码原因", "请从帮助所列原因中选择一个")
        case .reportIncomplete: ("会诊意见缺少必填内容", "请补充后重新签名")
        case .signatureInvalid: ("签名与内容不符", "请重新读取会诊并对当前内容签名")
        case .credentialInvalid:
            ("本机构医师名册中没有该姓名与执业证书编号的医师，或其资质今日无效", "请用 `consilium doctors list` 核对姓名与编号，或请管理员更新名册")
        case .siteUnknown: ("协作网中没有该机构", "请用 consilium sites list 核对机构代码")
        case .siteSuspended: ("该机构已被暂停", "请联系协作网管理员")
        case .actsForDenied: ("当前身份不能代该机构发送", "可由该机构管理员授予 acts-for")
        case .principalUnknown: ("证书所示身份未在此登记", "请用本机构管理员的邀请码登记")
        case .principalRevoked: ("该身份已被吊销", "请向本机构管理员申请新的邀请")
        case .tokenInvalid: ("邀请码未知、已用或过期", "请申请新的邀请")
        case .invalidValue: ("取值不可接受", "请改正后重新发送")
        case .alreadyRated: ("此项已有评分", "签名前可更正评分，签名后不可更改")
        case .assessmentIncomplete: ("尚有条目未评分", "请完成所列条目后再签名")
        case .assessmentOverlaps: ("该时段与另一评估重叠", "请选择其后的时段，或放弃该评估")
        case .evidenceMissing: ("评分必须附凭据", "请至少链接一项事件、文件或登记条目")
        case .evidenceUnknown: ("账本中没有该凭据", "请核对凭据编号")
        case .measureUnknown: ("已采纳的指标体系中没有该指标", "请用 `consilium governance scorecard --period 时段` 查看指标列表（编号为大写字母）")
        case .notDrilled: ("该数值背后没有会诊或登记条目清单", "请对所列组成部分逐一下钻")
        case .measureInvalid: ("指标定义有缺陷", "请改正所列各项后重新采纳")
        case .entryUnknown: ("登记册中没有该条目", "请核对登记册中的编号")
        case .entryExists: ("登记册中已有该内容", "内容相同则无需处理，否则请另给编号")
        case .entryClosed: ("该条目当前不允许此步骤", "请查看条目进展后再决定")
        case .sharesDoNotAddUp: ("各方份额之和不等于一百万分之一百万", "请更正份额，使其总和为1000000")
        case .rulePackOverlaps: ("该规则包的另一版本在其中某些日期有效", "请让新版本在旧版本失效之后生效")
        case .returnDefective: ("年报中有无法采用的行，未采用任何内容", "请改正所列各行后重新提交整份表格")
        case .periodBegun: ("该时段已经开始", "请选择之后才开始的时段")
        case .periodNotEnded: ("该时段尚未结束，或其病例的后续结果仍在观察期内", "请等待时段结束，或等到所示日期")
        case .periodInFuture: ("该时段尚未开始", "请选择已经开始的时段")
        case .periodEmpty: ("该时段内没有任何会诊", "请选择账本起始日之后的时段，例如本月")
        case .seedMismatch: ("密值与事先封存的摘要不符", "请使用该时段开始之前封存其摘要的密值")
        case .reviewLate: ("您查看过的一例会诊逾期未复核", "请先请参与该会诊的机构完成复核，再行查看")
        case .busy: ("中心繁忙，未保存任何内容", "请在所示时间后重新发送")
        case .diskFull: ("中心磁盘将满，未保存任何内容", "请通知中心运维，稍后重新发送")
        case .tooLarge: ("消息超过中心允许的大小", "请压缩附件，或减少附件数量")
        }
    }
}
