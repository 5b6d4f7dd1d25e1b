import ConsiliumCore

/// Codes of the network in Chinese; in English a code is its own name. Codes stand in JSON, YAML and CSV unchanged.
enum Terms {
    static func text(_ code: String, _ language: Language) -> String {
        guard language == .zh, let chinese = chinese[code] else { return code }
        return chinese
    }

    private static let chinese: [String: String] = [
        // Phases of a case and states of an offer.
        "submitted": "已提交", "info-needed": "待补充", "queued": "排队", "offered": "已邀请", "accepted": "已接受",
        "in-session": "会诊中", "reported": "已出具意见", "failed": "未能进行", "unroutable": "待协调", "closed": "已结束",
        "cancelled": "已撤销", "entered-in-error": "作废", "live": "待答复", "declined": "谢绝", "lapsed": "逾期未答",
        "withdrawn": "已撤回",
        // Events.
        "information-requested": "要求补充", "noted": "留言", "started": "开始会诊", "joined": "重复收到", "reminded": "提醒",
        "consent-recorded": "记录同意", "consent-withdrawn": "撤回同意", "leases-extended": "时限顺延",
        "outcome-recorded": "反馈结局", "tier-rated-again": "复评适宜层级", "transferred": "转院", "discharged": "出院",
        "received-below": "下级接收", "priced": "计价", "settled": "结算", "settlement-disputed": "结算争议",
        // Priorities.
        "stat": "急会诊", "asap": "加急", "urgent": "较急", "routine": "普通",
        // Tiers and sites.
        "primary": "基层", "county": "县级", "municipal": "市级", "provincial": "省级", "national": "国家级",
        "active": "正常", "suspended": "已暂停",
        // Inbox.
        "offer": "邀请", "reminder": "提醒", "report": "会诊意见", "information": "需补充", "referral": "会诊申请",
        "answer": "答复", "glass-broken": "审计员已查看，请复核", "second-rating": "适宜层级盲法复评",
        // Broken glasses.
        "unreviewed": "待复核", "late": "逾期未复核", "reviewed": "已复核",
        // Reasons.
        "no-capacity": "容量已满", "outside-scope": "超出诊疗范围", "expert-absent": "专家不在岗",
        "incomplete-records": "资料不全", "equipment": "设备所限", "conflict-of-interest": "利益冲突", "other": "其他",
        "patient-withdrew": "患者撤回", "patient-transferred": "患者已转院", "patient-died": "患者死亡",
        "resolved": "问题已解决", "duplicate": "重复申请", "connection": "连接中断", "patient-unavailable": "患者不便",
        "requester-unavailable": "申请方不便", "expert-unavailable": "专家不便", "no-capable-site": "无可接机构",
        "exhausted": "各机构均未接受", "no-live-channel": "无在线机构", "mapping": "代码未映射",
        "priority-unknown": "紧急程度不明", "information-overdue": "补充逾期", "hard-stop": "到达最长时限",
        "not-usable-at-this-tier": "本级无法实施", "patient-declined": "患者不同意", "condition-changed": "病情变化",
        "disagreed": "意见不一致", "too-late": "太迟",
        // Gaps.
        "consent": "知情同意", "department": "科室", "summary": "病历摘要",
        // Closure, disposition, consent.
        "adopted": "采纳", "partly": "部分采纳", "not": "未采纳", "manage-at-origin": "就地治疗", "refer-up": "上转",
        "refer-down": "下转", "re-consult": "再次会诊", "follow-up": "随访", "given": "已同意", "attested": "机构证明",
        "missing": "缺失", "written": "本人书面", "guardian": "监护人", "kin": "近亲属", "emergency": "紧急",
        // Deliveries.
        "pending": "待送达", "dead": "停止投递", "done": "已送达", "discarded": "已放弃",
        "stated": "已注明", "defaulted": "按默认", "conflicting": "多处不一致", "unknown": "不明", "consultation": "会诊",
        // Outcomes of `submit`.
        "already-received": "已收到过", "amended": "已更正", "held": "暂存待补", "kept": "已留在本机，未发送", "refused": "被拒绝",
        "not-sent": "未发送",
    ]

    /// Names of fields as `show` prints them.
    static func label(_ field: String, _ language: Language) -> String {
        guard let phrase = labels[field] else { return field }
        return phrase[language]
    }

    private static let labels: [String: Phrase] = [
        "phase": Phrase("phase", "状态"), "priority": Phrase("priority", "紧急程度"),
        "department": Phrase("department", "科室"), "departmentName": Phrase("department name", "科室名称"),
        "requester": Phrase("requester", "申请机构"), "submittedAt": Phrase("submitted", "提交时间"),
        "updatedAt": Phrase("updated", "更新时间"), "deadline": Phrase("deadline", "时限"),
        "offers": Phrase("offers", "邀请"), "timers": Phrase("timers", "计时"), "consent": Phrase("consent", "知情同意"),
        "version": Phrase("version", "版本"), "gaps": Phrase("gaps", "待补充"), "missing": Phrase("missing", "缺项"),
        "serviceKind": Phrase("service", "服务类型"), "ageBand": Phrase("age", "年龄段"), "sex": Phrase("sex", "性别"),
        "acceptedAt": Phrase("accepted", "接受时间"), "startedAt": Phrase("started", "开始时间"),
        "reportedAt": Phrase("reported", "出具意见时间"), "closedAt": Phrase("closed", "结束时间"),
        "disposition": Phrase("disposition", "处置"), "closure": Phrase("closure", "结束方式"),
        "unroutableReason": Phrase("unroutable because", "待协调原因"), "wantedSite": Phrase("wanted site", "指定机构"),
        "reason": Phrase("reason", "原因"), "site": Phrase("site", "机构"), "state": Phrase("state", "状态"),
        "basis": Phrase("basis", "依据"), "leaseDue": Phrase("answer due", "答复时限"),
        "consentBasis": Phrase("consent basis", "同意方式"), "prioritySource": Phrase("priority was", "紧急程度来源"),
        "reportNumber": Phrase("reports", "意见份数"), "requestVersion": Phrase("request version", "申请版本"),
        "number": Phrase("no", "序号"), "offeredAt": Phrase("offered", "邀请时间"), "rating": Phrase("rating", "评分"),
        "declineReason": Phrase("reason", "谢绝原因"), "performer": Phrase("performer", "会诊机构"),
        "title": Phrase("title", "标题"), "contentType": Phrase("type", "类型"), "size": Phrase("bytes", "字节数"),
        "sha256": Phrase("SHA-256", "SHA-256"), "id": Phrase("id", "编号"), "time": Phrase("time", "时间"),
        "text": Phrase("text", "内容"), "roles": Phrase("roles", "角色"), "principal": Phrase("principal", "身份"),
        "actsFor": Phrase("acts for", "代办机构"), "certificateNotAfter": Phrase("certificate until", "证书有效期至"),
        "network": Phrase("network", "协作网"), "name": Phrase("name", "名称"),
    ]
}
