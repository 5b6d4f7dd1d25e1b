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
        "information-provided": "已补充资料", "initial": "初次", "requeued": "重新排队",
        // Timers.
        "offer-lease": "答复时限", "offer-reminder": "答复提醒", "information-reminder": "补充提醒", "acceptance": "接受时限",
        "start": "开始时限", "acknowledgement": "结束确认时限", "consent-evidence": "同意材料时限",
        // Events of registers, samples and assessments.
        "model-adopted": "采纳指标体系", "partner-recorded": "登记合作方", "contract-recorded": "登记合同",
        "tariff-recorded": "登记价目", "rule-pack-recorded": "登记规则", "obligation-recorded": "登记义务",
        "evidence-recorded": "登记凭据", "finding-opened": "提出审计发现", "finding-closed": "关闭审计发现",
        "finding-confirmed": "确认整改", "finding-reopened": "重新打开审计发现", "incident-recorded": "登记事件",
        "incident-resolved": "事件已解决", "regions-adopted": "采用地区表", "site-approved": "批准机构加入",
        "conformance-passed": "通过符合性测试", "return-filed": "报送年度报表", "chain-verified": "核验账本",
        "exchanges-counted": "统计报文", "sample-sealed": "封存抽样密值", "sample-revealed": "公布密值并抽样",
        "sample-checked": "录入核查结果", "second-ratings-assigned": "分派复评", "break-glass-opened": "破窗查看",
        "break-glass-reviewed": "复核破窗", "assessment-opened": "开始评估", "self-declared": "自行申报",
        "item-rated": "评分", "rating-corrected": "更正评分", "auditor-left": "审计员退出", "assessment-signed": "签名",
        "arbitration-opened": "开始复议", "assessment-locked": "评估锁定", "assessment-abandoned": "放弃评估",
        // Events of the network.
        "network-founded": "建立协作网", "site-put": "登记机构", "site-status": "机构状态变更", "capacity-set": "设定容量",
        "policy-set": "设定规则", "invited": "邀请加入", "enrolled": "注册", "renewed": "证书续期",
        "renewal-approved": "批准续期", "revoked": "吊销", "granted": "授予角色", "grant-removed": "撤销角色",
        "acts-for-granted": "授权代办", "acts-for-removed": "撤销代办", "channel-live": "通道恢复",
        "channel-lost": "通道中断", "doctors-imported": "导入医师", "generated": "模拟生成",
        // Registers.
        "investor": "投资方", "operator": "运营方", "site": "机构", "network": "协作网", "government": "政府",
        "admin": "协作网管理员", "none": "无", "rejected": "已否决", "open": "待整改", "confirmed": "已确认",
        "minor": "一般", "major": "重要", "critical": "重大", "low": "低", "medium": "中", "high": "高",
        "outage": "系统中断", "data-loss": "数据丢失", "data-disclosure": "数据泄露", "patient-safety": "患者安全",
        "security": "信息安全", "consent-before-disclosure": "披露前须同意", "credential-at-signature": "签名时核验资质",
        "decline-reason": "谢绝须有原因", "mandatory-elements": "必填项", "signed-report": "意见须签名",
        "time-limit": "时限", "settlement": "结算", "retention": "保存期限", "diagnosis-imaging": "影像诊断",
        "diagnosis-ECG": "心电诊断", "diagnosis-pathology": "病理诊断", "outpatient": "远程门诊",
        "case-discussion": "病例讨论",
        // Assessments and samples.
        "rating": "评分中", "arbitration": "复议中", "locked": "已锁定", "abandoned": "已放弃", "audited": "经审计",
        "event": "事件", "document": "文件", "register": "登记", "source": "源头核查", "discrepant": "不一致",
        // Outcomes of patients.
        "improved": "好转", "unchanged": "无变化", "worsened": "加重", "referred-up": "已上转",
        "emergency-return": "急诊返回", "died": "死亡",
        // Roles.
        "requester": "申请人员", "expert": "专家", "coordinator": "协调员", "site-administrator": "机构管理员",
        "network-administrator": "协作网管理员", "auditor": "审计员",
        // Priorities.
        "stat": "急会诊", "asap": "加急", "urgent": "较急", "routine": "普通",
        // Tiers and sites.
        "primary": "基层", "county": "县级", "municipal": "市级", "provincial": "省级", "national": "国家级",
        "active": "正常", "suspended": "已暂停",
        // Inbox.
        "offer": "邀请", "reminder": "提醒", "report": "会诊意见", "information": "需补充", "referral": "会诊申请",
        "answer": "答复", "glass-broken": "审计员已查看，请复核", "second-rating": "适宜层级盲法复评",
        // Broken glasses.
        "unreviewed": "待复核", "late": "逾期未复核", "reviewed": "已复核", "sample-check": "抽样核查",
        "complaint": "投诉", "incident": "事件", "court-order": "法院命令", "justified": "正当", "unjustified": "不正当",
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
        // Broken glasses.
        "case": Phrase("case", "会诊编号"), "operator": Phrase("operator", "人员"),
        "openedAt": Phrase("opened", "开始时间"), "ends": Phrase("ends", "结束时间"),
        "reviewDue": Phrase("review due", "复核期限"), "verdict": Phrase("verdict", "复核结论"),
        // Assessments.
        "from": Phrase("from", "起"), "to": Phrase("to", "止"), "standing": Phrase("standing", "评估性质"),
        "questionnaireVersion": Phrase("questionnaire version", "问卷版本"),
        "modelVersion": Phrase("model version", "指标体系版本"), "auditors": Phrase("auditors", "审计员数"),
        "signed": Phrase("signed", "已签名"), "disputed": Phrase("disputed", "有分歧的项目"),
        "lockedAt": Phrase("locked", "锁定时间"), "sheets": Phrase("sheets", "评分表"),
        "auditor": Phrase("auditor", "审计员"), "arbitrates": Phrase("arbitrates", "复议"),
        "signedAt": Phrase("signed", "签名时间"), "ratings": Phrase("ratings", "评分"),
        "indicator": Phrase("indicator", "治理指标"), "value": Phrase("value", "分值"),
        "halves": Phrase("halves", "两部分分值"), "residualClaim": Phrase("residual claim", "剩余索取权"),
        "decisionPower": Phrase("decision power", "任免与决策权"), "confidence": Phrase("confidence", "把握"),
        "evidence": Phrase("evidence", "凭据"), "kind": Phrase("kind", "类型"),
        "reference": Phrase("reference", "引用"),
        // Registers.
        "days": Phrase("days", "有效期"), "through": Phrase("through", "至"), "shares": Phrase("shares", "分配"),
        "party": Phrase("party", "分配方"), "millionths": Phrase("millionths", "百万分之"),
        "document": Phrase("document", "文件摘要"), "service": Phrase("service", "服务类型"),
        "fee": Phrase("fee (fen)", "费用（分）"), "setBy": Phrase("set by", "制定方"),
        "source": Phrase("source", "出处"), "article": Phrase("article", "条款"), "check": Phrase("check", "检查"),
        "owner": Phrase("owner", "责任机构"), "obligation": Phrase("obligation", "义务"),
        "severity": Phrase("severity", "严重程度"), "due": Phrase("due", "期限"),
        "openedOn": Phrase("opened on", "提出日期"), "closedOn": Phrase("closed on", "关闭日期"),
        "category": Phrase("category", "类别"), "day": Phrase("day", "日期"),
        "resolvedAt": Phrase("resolved", "解决时间"), "year": Phrase("year", "年度"),
        "regions": Phrase("regions", "地区数"), "proposals": Phrase("proposals", "提案数"),
        "investments": Phrase("investments", "投资数"), "filedAt": Phrase("filed", "报送时间"),
        "form": Phrase("form", "表单摘要"),
    ]
}
