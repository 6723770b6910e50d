"""A practice's own pages: refer, and what became of those it referred."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from accounts.moves import ChangedMeanwhile, MoveNotAllowed, SentBefore
from accounts.perms import practice_only
from assets.enums import NeedKind
from referrals import actions
from referrals.figures import present_wait
from referrals.forms import ReferForm, ResubmitForm, SentFilter, WithdrawForm

PER_PAGE = 25
KINDS_OF_HELP = [kind.label.lower() for kind in NeedKind if kind != NeedKind.OTHER]


@practice_only
def refer(request):
    waits = [present_wait(organisation) for organisation in request.practice.organisations.order_by("name", "id")]
    is_sent = request.method == "POST"
    # One that closed its list while this was written is still offered: the action refuses, and the words are kept.
    offered = [wait.organisation for wait in waits if is_sent or wait.policy.waiting_list_open]
    form = ReferForm(request.POST if is_sent else None, practice=request.practice, organisations=offered)
    if form.is_valid():
        organisation = form.cleaned_data["organisation"]
        try:
            referral = actions.submit_referral(
                practice=request.practice,
                organisation=organisation,
                by=request.user,
                once=form.cleaned_data["once"],
                **form.sent,
            )
        except actions.WaitingListClosed:
            form.add_error("organisation", f"{organisation} has just stopped taking referrals. Nothing was sent")
        except SentBefore:
            form.was_sent_before()
        else:
            messages.success(request, f"Sent to {organisation}. You will read here what they answer.")
            return redirect("referrals:sent_referral", referral_id=referral.pk)
    context = {"form": form, "waits": waits, "offered": offered, "kinds": KINDS_OF_HELP}
    return render(request, "referrals/refer.html", context)


@practice_only
def sent(request):
    filter_form = SentFilter(request.GET)
    referrals = filter_form.filter(request.practice.referrals.all()).with_list_data().news_first()
    context = {
        "filter_form": filter_form,
        "page": Paginator(referrals, PER_PAGE).get_page(request.GET.get("page")),
        "open_count": request.practice.referrals.open_for_practice().count(),
        "all_count": request.practice.referrals.count(),
    }
    return render(request, "referrals/sent.html", context)


@practice_only
def sent_referral(request, referral_id):
    referral = _ours(request, referral_id)
    actions.see_sent_referral(referral=referral, by=request.user)
    return render(request, "referrals/sent_referral.html", _page_of(referral))


@practice_only
def edit(request, referral_id):
    referral = _ours(request, referral_id)
    form = ResubmitForm(request.POST if request.method == "POST" else None, referral=referral)
    if not form.is_bound and "resubmit" not in referral.allowed_moves:
        messages.warning(request, f"{referral.latest_in_words}, so there is no question to answer.")
        return redirect("referrals:sent_referral", referral_id=referral.pk)
    if form.is_valid():
        try:
            actions.resubmit_referral(
                referral=referral,
                by=request.user,
                revision=form.cleaned_data["revision"],
                words=form.cleaned_data["words"],
                **form.sent,
            )
        except (MoveNotAllowed, ChangedMeanwhile):
            if referral.was_last("resubmit", request.user):
                return redirect("referrals:sent_referral", referral_id=referral.pk)
            form.add_error(None, f"{referral.latest_in_words}. What you wrote below was not sent")
        else:
            messages.success(request, f"Sent to {referral.organisation} again, with your answer.")
            return redirect("referrals:sent_referral", referral_id=referral.pk)
    actions.see_sent_referral(referral=referral, by=request.user)
    return render(request, "referrals/edit.html", {"referral": referral, "form": form})


@practice_only
def withdraw(request, referral_id):
    referral = _ours(request, referral_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "referrals/withdraw.html", {"referral": referral, "form": form})
    try:
        actions.withdraw_referral(referral=referral, by=request.user, **form.cleaned_data)
        messages.success(request, "Withdrawn.")
    except MoveNotAllowed:
        if not referral.was_last("withdraw", request.user):
            messages.warning(request, f"{referral.latest_in_words}, so it was not withdrawn.")
    return redirect("referrals:sent_referral", referral_id=referral.pk)


def _ours(request, referral_id):
    return get_object_or_404(request.practice.referrals.with_list_data(), pk=referral_id)


def _page_of(referral):
    events = referral.events.by_people().order_by("at", "id")
    return {"referral": referral, "events": events, "moves": referral.allowed_moves}
